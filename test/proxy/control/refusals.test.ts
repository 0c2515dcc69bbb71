import { expect } from 'chai';
import { withControl } from './with-control.ts';

const RULE = { on: 'leaderboard', inject: { status: 503 } };

describe('the control API', () => {
  const deep = `{"rules":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  const refusals: readonly [string, string, unknown, number, string?][] = [
    [
      'a wrong rule',
      'POST /v1/rules',
      { rules: [RULE, { on: 'x', inject: 'hang' }] },
      400,
      'rules.1.on',
    ],
    [
      'a wrong parameter',
      'POST /v1/rules',
      { rules: [{ ...RULE, inject: { status: 9 } }] },
      400,
      'rules.0.inject.status',
    ],
    ['rules that are no list', 'POST /v1/rules', { rules: RULE }, 400, 'rules'],
    ['a body without rules', 'POST /v1/rules', {}, 400, 'rules'],
    ['an unknown key', 'POST /v1/rules', { rules: [], rule: 1 }, 400, 'rule'],
    ['an empty run', 'POST /v1/rules', { rules: [RULE], run: '' }, 400, 'run'],
    ['a body that is no object', 'POST /v1/rules', '5', 400],
    ['malformed JSON', 'POST /v1/rules', '{"rules": [', 400],
    ['no body', 'POST /v1/rules', '', 400],
    [
      'a fault that is no name',
      'POST /v1/rules',
      '{"rules":[{"on":"stats","inject":{"fault":{"toString":1}}}]}',
      400,
      'rules.0.inject.fault',
    ],
    [
      'a key __proto__',
      'POST /v1/rules',
      '{"rules":[{"on":"stats","inject":"hang","__proto__":{}}]}',
      400,
      'rules.0.__proto__',
    ],
    [
      'a key __proto__ in a match',
      'POST /v1/rules',
      '{"rules":[{"on":"stats","match":{"query":{"__proto__":"x"}},"inject":"hang"}]}',
      400,
      'rules.0.match.query.__proto__',
    ],
    ['a body that is too deep', 'POST /v1/rules', deep, 400],
    ['a body that is too large', 'POST /v1/rules', `{"rules":[]${' '.repeat(3_000_000)}}`, 413],
    [
      'a very long name',
      'POST /v1/rules',
      { rules: [{ on: 'x'.repeat(900_000), inject: 'hang' }] },
      400,
      'rules.0.on',
    ],
    ['very many problems', 'POST /v1/rules', `{"rules":[${'1,'.repeat(4000)}1]}`, 400, 'rules.0'],
    [
      'a wrong rule in the place of another',
      'PUT /v1/rules/r1',
      { ...RULE, trigger: { frst: 1 } },
      400,
      'trigger.frst',
    ],
    ['another id', 'PUT /v1/rules/r1', { ...RULE, id: 'r2' }, 400, 'id'],
    ['a rule that is not there', 'PUT /v1/rules/r7', RULE, 404],
    ['a rule that is not there', 'GET /v1/rules/r7', undefined, 404],
    ['an unknown query', 'GET /v1/rules?rum=a', undefined, 400, 'rum'],
    ['an empty run, which is not all of them', 'DELETE /v1/rules?run=', undefined, 400, 'run'],
    ['two runs', 'GET /v1/rules?run=a&run=b', undefined, 400, 'run'],
    ['a since that is no number', 'GET /v1/journal?since=-1', undefined, 400, 'since'],
    ['forgetting no run', 'DELETE /v1/journal', undefined, 400, 'run'],
    ['an unknown route', 'GET /v2', undefined, 404],
    ['a wrong method', 'PATCH /v1/rules', undefined, 405],
    ['an unheard-of method', 'PROPFIND /v1/rules', undefined, 405],
  ];
  for (const [what, line, sent, status, path] of refusals) {
    it(`refuses ${what} with ${status}, and nothing has changed: ${line}`, () =>
      withControl({}, async (ask, { control }) => {
        const before = await control.add([RULE]);
        const { body, ...answer } = await ask(line, sent);
        expect(answer.status, JSON.stringify(body)).to.equal(status);
        expect(body).to.have.property('error').that.is.a('string').and.not.equal('');
        expect(body).to.have.property('status', status);
        if (path !== undefined) expect(body).to.have.property('path', path);
        if (status === 405) expect(answer.headers.allow).to.include('POST');
        expect(JSON.stringify(body).length).to.be.below(100_000);
        expect(await control.rules()).to.deep.equal(before);
        expect({}).not.to.have.property('on');
      }));
  }

  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    it(`refuses ${type} with 415, as a web page may send it anywhere`, () =>
      withControl({}, async (ask, { control }) => {
        const answer = await ask(
          'POST /v1/rules',
          { rules: [RULE] },
          { headers: { 'content-type': type } },
        );
        expect(answer.status).to.equal(415);
        expect(await control.rules()).to.deep.equal([]);
      }));
  }
});

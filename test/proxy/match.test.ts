import { expect } from 'chai';
import { InvalidError } from '../../src/common/errors.ts';
import { parseMatch } from '../../src/proxy/match.ts';
import { headOf, responseOf } from './rule-book.ts';

describe('a match of the request’s body', () => {
  const fits = (asked: unknown, body: string) =>
    parseMatch({ body: asked }).body?.(Buffer.from(body));
  const cases: readonly [object, readonly string[], readonly string[]][] = [
    [{ '/user': 'ann' }, ['{"user":"ann","x":1}'], ['{"user":"bob"}', '{}', '[]', '"ann"', 'null']],
    [{ '': [1, 2] }, ['[1,2]', ' [ 1.0, 2 ]'], ['[2,1]', '[1,2,3]']],
    [{ '': null }, ['null'], ['0', '', 'nul']],
    [{ '/a': { b: [{ c: 1, d: 2 }] } }, ['{"a":{"b":[{"d":2,"c":1}]}}'], ['{"a":{"b":[{"c":1}]}}']],
    [{ '/a': 1, '/b': true }, ['{"a":1,"b":true}'], ['{"a":1}', '{"a":1,"b":"true"}']],
    [{ '/0/a~1b': 1 }, ['[{"a/b":1}]'], ['[{"a":1}]']],
    [{ '/a': { present: true } }, ['{"a":null}', '{"a":0}'], ['{"b":1}', '[]', 'a']],
    [{ '/a': { absent: true } }, ['{"b":1}', '[]', '1'], ['{"a":null}', '', 'not JSON']],
    [{ '/a': { contains: 'b' } }, ['{"a":"abc"}', '{"a":["b"]}'], ['{"a":"ac"}', '{"a":["abc"]}']],
    [{ '/a': { contains: { id: 1 } } }, ['{"a":[0,{"id":1}]}'], ['{"a":{"id":1}}', '{}']],
    [{ '/a': { present: false } }, ['{"a":{"present":false}}'], ['{"a":1}', '{}']],
    [{ '/a': { present: true, x: 1 } }, ['{"a":{"present":true,"x":1}}'], ['{"a":1}']],
  ];
  for (const [asked, meant, others] of cases) {
    it(`is met or not: ${JSON.stringify(asked)}`, () => {
      for (const body of meant) expect(fits(asked, body), body).to.equal(true);
      for (const body of others) expect(fits(asked, body), body).to.equal(false);
    });
  }
});

describe('a match of the response', () => {
  const fits = (asked: unknown, status: number, headers = {}) =>
    parseMatch({ response: asked }).response?.(responseOf(status, headers));

  it('goes by a status, a class of them or a list', () => {
    const hit = (status: unknown) =>
      [200, 204, 404, 499, 500, 503, 599].filter((sent) => fits({ status }, sent));
    expect(hit(503)).to.deep.equal([503]);
    expect(hit('5xx')).to.deep.equal([500, 503, 599]);
    expect(hit([200, 404])).to.deep.equal([200, 404]);
    expect(hit([204, '4xx'])).to.deep.equal([204, 404, 499]);
  });

  it('goes by headers, in whatever case they are written', () => {
    const asked = { headers: { 'X-Cache': 'hit', Etag: { absent: true } } };
    expect(fits(asked, 200, { 'x-cache': 'hit' })).to.equal(true);
    expect(fits(asked, 200, { 'x-cache': 'miss' })).to.equal(false);
    expect(fits(asked, 200, { 'x-cache': 'hit', etag: '1' })).to.equal(false);
    expect(fits({ ...asked, status: '2xx' }, 304, { 'x-cache': 'hit' })).to.equal(false);
  });
});

describe('a match', () => {
  it('asks nothing of a part that it does not name', () => {
    const match = parseMatch('GET /a');
    expect(match.body).to.equal(undefined);
    expect(match.response).to.equal(undefined);
    expect(parseMatch({ body: { '/a': 1 } }).request(headOf())).to.equal(true);
  });

  const wrong: readonly [object, string, RegExp][] = [
    [{ body: { a: 1 } }, 'body.a', /JSON pointer such as \/0\/score, got "a"/],
    [{ body: { '/~2': 1 } }, 'body./~2', /JSON pointer/],
    [{ body: {} }, 'body', /at least one pointer/],
    [{ body: 'x' }, 'body', /expected JSON pointers and values, got "x"/],
    [{ body: [1] }, 'body', /expected JSON pointers/],
    [{ response: {} }, 'response', /expected status, headers or both/],
    [{ response: { status: 99 } }, 'response.status', /a class such as 5xx.*got 99/],
    [{ response: { status: '6xx' } }, 'response.status', /got "6xx"/],
    [{ response: { status: '503' } }, 'response.status', /got "503"/],
    [{ response: { status: [] } }, 'response.status', /at least one/],
    [{ response: { status: [200, 'all'] } }, 'response.status.1', /got "all"/],
    [{ response: { stauts: 200 } }, 'response.stauts', /did you mean "status"\?/],
    [{ response: { headers: { a: 5 } } }, 'response.headers.a', /expected a text, \{ present/],
    [{ headers: { a: { presnt: true } } }, 'headers.a', /expected a text, \{ present/],
    [{ query: { a: { present: false } } }, 'query.a.present', /^expected true, got false$/],
    [{ boddy: {} }, 'boddy', /did you mean "body"\?/],
  ];
  for (const [match, path, message] of wrong) {
    it(`is refused when it says ${JSON.stringify(match)}`, () => {
      const error = (() => {
        try {
          return parseMatch(match) && undefined;
        } catch (thrown) {
          return thrown;
        }
      })();
      if (!(error instanceof InvalidError)) throw new Error('not refused');
      expect(error.problems.map((problem) => problem.path.join('.'))).to.deep.equal([path]);
      expect(error.problems[0]?.message).to.match(message);
    });
  }
});

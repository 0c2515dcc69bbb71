import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, ROWS, send, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';
import { withBody } from './with-body.ts';

const PATCH = [
  { op: 'test', path: '/0/user', value: 'ann' },
  { op: 'replace', path: '/0/score', value: null },
  { op: 'add', path: '/1/tags/-', value: { new: true } },
  { op: 'remove', path: '/0/tags/0' },
  { op: 'copy', from: '/0/user', path: '/1/user' },
  { op: 'move', from: '/0', path: '/1' },
];
const PATCHED = [
  { user: 'ann', score: 7, tags: [{ new: true }] },
  { user: 'ann', score: null, tags: ['b'] },
];

describe('json-patch on the wire', () => {
  it('edits the real body, on every exchange of a connection, and frames it anew', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'json-patch': PATCH } }]);
      const client = connect();
      for (let i = 1; i <= 3; i++) {
        client.send(GET);
        const { head, body, raw } = (await client.answer()) as RawAnswer;
        // The same each time: what one exchange adds is not edited by the next.
        expect(JSON.parse(body)).to.deep.equal(PATCHED);
        expect(head).to.match(/^content-type: application\/json$/im);
        const entry = (await completed(i))[i - 1];
        expect(entry).to.include({ status: 200, end: 'answered', bytesOut: raw.length });
        expect(entry?.injected).to.have.length(1);
        expect(entry?.injected[0]).to.include({ fault: 'json-patch', phase: 'body' });
      }
    }));

  it('edits what it has added itself, without a trace in the next exchange', () =>
    withRig({}, async ({ control, url }) => {
      const inject = {
        'json-patch': [
          { op: 'add', path: '/0/extra', value: { list: [] } },
          { op: 'add', path: '/0/extra/list/-', value: 1 },
          { op: 'copy', from: '/0/extra', path: '/1/extra' },
          { op: 'add', path: '/1/extra/list/-', value: 2 },
        ],
      };
      await control.add([{ on: 'leaderboard', inject }]);
      for (let i = 0; i < 2; i++) {
        const { body } = await send(`${url}/leaderboards/duke`);
        expect(JSON.parse(body.toString())).to.deep.equal([
          { ...ROWS[0], extra: { list: [1] } },
          { ...ROWS[1], extra: { list: [1, 2] } },
        ]);
      }
    }));

  it('edits inside gzip', () =>
    withBody(gzipSync(BODY), { 'content-encoding': 'gzip' }, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { 'json-patch': PATCH } }]);
      const { body } = await send(`${url}/leaderboards/duke`);
      expect(JSON.parse(gunzipSync(body).toString())).to.deep.equal(PATCHED);
    }));

  for (const [what, patch] of [
    [
      'whose test fails',
      [
        { op: 'replace', path: '/0/score', value: 1 },
        { op: 'test', path: '/0/user', value: 'bob' },
      ],
    ],
    [
      'that leads nowhere',
      [
        { op: 'remove', path: '/0/user' },
        { op: 'remove', path: '/9' },
      ],
    ],
    ['that changes nothing', [{ op: 'replace', path: '/0/score', value: 10 }]],
    ['that would reach a prototype', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
  ] as const) {
    it(`leaves the body as it came with a patch ${what}, and has not fired`, () =>
      withRig({}, async ({ control, url, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { 'json-patch': patch } }]);
        expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal(BODY);
        expect((await completed(1))[0]).to.deep.include({ end: 'answered', injected: [] });
        expect({}).not.to.have.property('polluted');
      }));
  }

  it('does not act on what is not JSON', () =>
    withBody('<html>', {}, async ({ control, url, completed }) => {
      const patch = [{ op: 'add', path: '', value: 1 }];
      await control.add([{ on: 'leaderboard', inject: { 'json-patch': patch } }]);
      expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal('<html>');
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));

  it('is refused where it is none, before anything stands', () =>
    withRig({}, async (rig) => {
      const inject = { 'json-patch': [{ op: 'replace', path: 'score', value: 1 }] };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.equal(
        'json-patch operations: operation 1: path: expected a JSON pointer such as /0/score, got "score"',
      );
      expect(await rig.control.rules()).to.deep.equal([]);
    }));
});

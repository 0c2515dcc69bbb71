import { expect } from 'chai';
import { assert, asyncProperty, json } from 'fast-check';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, send, withRig } from '../rig.ts';
import { withBody } from './with-body.ts';

describe('malformed-json on the wire', () => {
  it('never parses, whatever JSON the upstream sends and wherever it is cut', () => {
    let body = '';
    return withRig(
      { handler: (_request, response) => void response.end(body) },
      async ({ control, url }) => {
        await control.add([{ on: 'leaderboard', inject: 'malformed-json', trigger: { every: 2 } }]);
        const cuts = ['0%', '10%', '99%', '100%', '1B', '3B', '1MB'];
        for (const at of cuts) {
          await control.replace('r1', { on: 'leaderboard', inject: { 'malformed-json': at } });
          await assert(
            asyncProperty(json(), async (generated) => {
              body = generated;
              const answer = await send(`${url}/leaderboards/duke`);
              expect(answer.status).to.equal(200);
              expect(() => JSON.parse(answer.body.toString()), answer.body.toString()).to.throw();
            }),
            { numRuns: 40 },
          );
        }
      },
    );
  }).timeout(60_000);

  it('does not act on what is no JSON and would stay as it is', () =>
    withBody('"abc', {}, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'malformed-json': '100%' } }]);
      expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal('"abc');
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));

  it('is not fooled by a byte order mark that the client will drop', () =>
    withBody('\uFEFF[1]', {}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { 'malformed-json': '100%' } }]);
      const { body } = await send(`${url}/leaderboards/duke`);
      expect(() => JSON.parse(new TextDecoder().decode(body))).to.throw();
    }));

  for (const [at, cut] of [
    ['10B', BODY.slice(0, 10)],
    ['50%', BODY.slice(0, Math.floor(BODY.length / 2))],
    ['100%', `${BODY}"`],
  ] as const) {
    it(`is the real body cut at ${at}, in a healthy framing, and the next exchange is healthy`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        const client = connect();
        client.send(GET);
        await client.answer();
        const inject = { 'malformed-json': at };
        await control.add([{ on: 'leaderboard', inject, trigger: { first: 1 } }]);
        client.send(GET + GET);
        const broken = (await client.answer()) as RawAnswer;
        expect(broken).to.include({ status: 200, body: cut });
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        const [, entry, next] = await completed(3);
        expect(entry).to.include({ status: 200, end: 'answered', bytesOut: broken.raw.length });
        expect(entry?.injected).to.have.length(1);
        expect(entry?.injected[0]).to.include({ fault: 'malformed-json', phase: 'body' });
        expect(next?.injected).to.deep.equal([]);
      }));
  }
});

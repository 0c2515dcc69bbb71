import { expect } from 'chai';
import { assert, asyncProperty, json } from 'fast-check';
import { send, withRig } from '../rig.ts';
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
});

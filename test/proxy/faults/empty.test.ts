import { expect } from 'chai';
import { BODY, GET, send, withRig } from '../rig.ts';

describe('empty on the wire', () => {
  it('is a success without a body: 200 with length 0, or 204', () =>
    withRig({}, async ({ control, url, reached }) => {
      await control.add([{ on: 'leaderboard', inject: 'empty', trigger: { first: 1 } }]);
      await control.add([{ on: 'leaderboard', inject: { empty: 204 }, trigger: { nth: 2 } }]);
      const first = await send(`${url}/leaderboards/duke`);
      expect(first).to.deep.include({ status: 200, body: Buffer.alloc(0) });
      expect(first.response.headers['content-length']).to.equal('0');
      const second = await send(`${url}/leaderboards/duke`);
      expect(second).to.deep.include({ status: 204, body: Buffer.alloc(0) });
      expect(reached).to.deep.equal([]);
    }));

  for (const status of [200, 204]) {
    it(`leaves the connection to the next exchange after a ${status}`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        const client = connect();
        client.send(GET);
        await client.answer();
        await control.add([
          { on: 'leaderboard', inject: { empty: status }, trigger: { first: 1 } },
        ]);
        client.send(GET + GET);
        expect(await client.answer()).to.include({ status, body: '' });
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        const [, entry, next] = await completed(3);
        expect(entry).to.include({ status, end: 'answered' });
        expect(entry?.injected).to.have.length(1);
        expect(entry?.injected[0]).to.include({ fault: 'empty', phase: 'request' });
        expect(next?.injected).to.deep.equal([]);
      }));
  }
});

import { expect } from 'chai';
import { send, withRig } from '../rig.ts';

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
});

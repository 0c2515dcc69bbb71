import { expect } from 'chai';
import { send as fetchOnce } from '../../rig.ts';
import { atOnce, withWorld } from './with-world.ts';

describe('arming under many requests at once', function () {
  this.timeout(60_000);

  for (const armed of [1, 7]) {
    it(`breaks exactly ${armed} of 50`, () =>
      withWorld(async (send, { stats }) => {
        const arming = await atOnce(armed, () => send('POST /v1/arm', { rule: RULE }));
        expect(arming.map(({ status }) => status)).to.deep.equal(Array(armed).fill(201));
        const answers = await atOnce(50, () => fetchOnce(`http://${stats}/rows`));
        const broken = answers.filter(({ status }) => status === 503);
        expect(broken).to.have.length(armed);
        expect((await send('GET /v1/rules')).body).to.deep.equal({ rules: [] });
      }));
  }

  it('breaks no more than were armed, when it is done while they come', () =>
    withWorld(async (send, { stats }) => {
      const requests = atOnce(200, async (i) => {
        await new Promise((resolve) => setTimeout(resolve, i % 20));
        return fetchOnce(`http://${stats}/rows`);
      });
      await atOnce(20, () => send('POST /v1/arm', { rule: RULE }));
      const before = (await requests).filter(({ status }) => status === 503).length;
      const after = await atOnce(50, () => fetchOnce(`http://${stats}/rows`));
      const broken = before + after.filter(({ status }) => status === 503).length;
      expect(broken).to.equal(20);
      expect((await send('GET /v1/rules')).body).to.deep.equal({ rules: [] });
    }));
});

const RULE = { on: 'stats', match: 'GET /rows', inject: { status: 503 } };

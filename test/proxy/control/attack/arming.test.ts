import { expect } from 'chai';
import { send as fetchOnce } from '../../rig.ts';
import { atOnce, withWorld } from './with-world.ts';

describe('arming under many requests at once', function () {
  this.timeout(60_000);

  it('breaks exactly one of 50', () =>
    withWorld(async (send, { stats }) => {
      expect((await send('POST /v1/arm', { rule: rule('/rows') })).status).to.equal(201);
      const answers = await atOnce(50, () => fetchOnce(`http://${stats}/rows`));
      expect(answers.filter(({ status }) => status === 503)).to.have.length(1);
      expect((await send('GET /v1/rules')).body).to.deep.equal({ rules: [] });
    }));

  it('breaks one each of many that are armed at once, while their requests come', () =>
    withWorld(async (send, { stats }) => {
      const paths = Array.from({ length: 20 }, (_, i) => `/rows/${i}`);
      const requests = atOnce(400, async (i) => {
        await new Promise((resolve) => setTimeout(resolve, i % 40));
        const path = paths[i % paths.length] ?? '';
        return { path, ...(await fetchOnce(`http://${stats}${path}`)) };
      });
      const armed = await Promise.all(
        paths.map((path) => send('POST /v1/arm', { rule: rule(path) })),
      );
      expect(armed.every(({ status }) => status === 201)).to.equal(true);
      const last = await Promise.all(
        paths.map(async (path) => ({ path, ...(await fetchOnce(`http://${stats}${path}`)) })),
      );
      const broken = [...(await requests), ...last].filter(({ status }) => status === 503);
      expect(broken.map(({ path }) => path).sort()).to.deep.equal([...paths].sort());
      expect((await send('GET /v1/rules')).body).to.deep.equal({ rules: [] });
    }));

  it('stands no longer than it was told, though nothing comes', () =>
    withWorld(async (send, { stats }) => {
      for (let i = 0; i < 100; i++)
        await send('POST /v1/arm', { rule: rule('/rows'), ttl: '300ms', run: `run-${i}` });
      const standing = async () =>
        ((await send('GET /v1/rules')).body as { rules: object[] }).rules.length;
      while ((await standing()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await fetchOnce(`http://${stats}/rows`)).status).to.equal(200);
    }));
});

/** It takes its time, so that others come while it acts. */
function rule(path: string): object {
  return { on: 'stats', match: `GET ${path}`, inject: [{ latency: '200ms' }, { status: 503 }] };
}

import { expect } from 'chai';
import { GET, send, withRig } from '../rig.ts';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { problemOf } from './problem.ts';

const START = Date.UTC(2026, 0, 1) + 250;

describe('rate-limit on the wire', () => {
  it('answers 429 past the limit, says how long to wait, and means it', () => {
    let now = START;
    return withRig({ clock: () => now }, async ({ control, connect, url, reached, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'rate-limit': 2, window: '10s' } }]);
      const client = connect();
      const seen: unknown[] = [];
      for (const at of [0, 1000, 2500, 9999, 10_000]) {
        now = START + at;
        client.send(GET);
        const { status, head } = (await client.answer()) as RawAnswer;
        seen.push([status, /^retry-after: (.*)$/m.exec(head)?.[1]]);
      }
      expect(seen).to.deep.equal([
        [200, undefined],
        [200, undefined],
        [429, '8'],
        [429, '1'],
        [200, undefined],
      ]);
      expect(reached).to.have.length(3);
      const entries = await completed(5);
      expect(entries.map(({ injected }) => injected.length)).to.deep.equal([0, 0, 1, 1, 0]);
      expect(entries[2]).to.include({ status: 429, end: 'answered' });
      expect(entries[2]?.injected[0]).to.include({ fault: 'rate-limit', phase: 'request' });
      now += 1;
      expect(await send(`${url}/leaderboards/duke`)).to.include({ status: 200 });
      const { status, body } = await send(`${url}/leaderboards/duke`);
      expect(status).to.equal(429);
      expect(JSON.parse(body.toString())).to.deep.equal({
        error: 'Too Many Requests',
        status: 429,
      });
    });
  });

  it('writes Retry-After as a date that is not too early', () => {
    let now = START;
    return withRig({ clock: () => now }, async ({ control, url }) => {
      const inject = { 'rate-limit': 1, window: '1.5s', 'retry-after': 'http-date' };
      await control.add([{ on: 'leaderboard', inject }]);
      await send(`${url}/leaderboards/duke`);
      const { response } = await send(`${url}/leaderboards/duke`);
      // 250 ms and 1.5 s, rounded up.
      expect(response.headers['retry-after']).to.equal('Thu, 01 Jan 2026 00:00:02 GMT');
      now = Date.parse(response.headers['retry-after'] ?? '');
      expect(await send(`${url}/leaderboards/duke`)).to.include({ status: 200 });
    });
  });

  it('lets exactly the limit through when all come at once', () =>
    withRig({}, async ({ control, url, reached, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'rate-limit': 7, window: '1h' } }]);
      const all = Array.from({ length: 20 }, () => send(`${url}/leaderboards/duke`));
      const statuses = (await Promise.all(all)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).to.have.length(7);
      expect(reached).to.have.length(7);
      const entries = await completed(20);
      expect(entries.filter(({ injected }) => injected.length > 0)).to.have.length(13);
    }));

  it('lets nothing through with a limit of 0', () =>
    withRig({}, async ({ control, url, reached }) => {
      await control.add([{ on: 'leaderboard', inject: { 'rate-limit': 0 } }]);
      const { status, response } = await send(`${url}/leaderboards/duke`);
      expect(status).to.equal(429);
      expect(response.headers['retry-after']).to.equal('10');
      expect(reached).to.deep.equal([]);
    }));

  it('counts for each rule by itself, and anew when it is put again', () =>
    withRig({}, async ({ control, url }) => {
      const inject = { 'rate-limit': 1, window: '1h' };
      const statusOf = async (path: string) => (await send(`${url}${path}`)).status;
      await control.add([
        { on: 'leaderboard', inject },
        { on: 'player-stats', inject },
      ]);
      expect(await statusOf('/leaderboards/duke')).to.equal(200);
      expect(await statusOf('/stats/ann')).to.equal(200);
      expect(await statusOf('/leaderboards/duke')).to.equal(429);
      await control.clear();
      await control.add([{ on: 'leaderboard', inject }]);
      expect(await statusOf('/leaderboards/duke')).to.equal(200);
    }));

  it('does not wait longer for a clock that was set back', () => {
    let now = START;
    return withRig({ clock: () => now }, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { 'rate-limit': 1 } }]);
      await send(`${url}/leaderboards/duke`);
      now -= 3_600_000;
      expect(await send(`${url}/leaderboards/duke`)).to.include({ status: 200 });
    });
  });

  it('needs a window', () =>
    withRig({}, async (rig) => {
      const inject = { 'rate-limit': 1, window: '0ms' };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(/longer than 0ms/);
    }));
});

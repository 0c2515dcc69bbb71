import { expect } from 'chai';
import { createMinutes } from '../../../src/portal/monitoring/minutes.ts';
import { NOON, useWatchedPortal } from './watched-portal.ts';

const MINUTE = 60_000;
const SUMMARY = '/monitoring/errors/summary';

describe('portal: windows of errors (rows 109, 111)', () => {
  const system = useWatchedPortal();

  for (const [window, length] of [
    ['5m', 5],
    ['15m', 15],
    ['1h', 60],
    ['6h', 360],
    ['24h', 1440],
  ] as const) {
    it(`an error is within ${window} until its minute is ${length} minutes ago`, async () => {
      const { portal } = system;
      const inWindow = async () =>
        (await portal.getAsOperator(`${SUMMARY}?time_window=${window}`)).body;
      // In the last moment of its minute, and in the first.
      portal.clock = NOON + MINUTE - 1;
      await portal.get('/late');
      portal.clock = NOON + MINUTE;
      await portal.get('/early');

      portal.clock = NOON + (length + 1) * MINUTE - 1;
      expect(await inWindow()).to.deep.include({
        time_window: window,
        from: new Date(NOON).toISOString(),
        to: new Date(portal.clock).toISOString(),
        total_errors: 2,
        client_errors: 2,
        server_errors: 0,
        service_failures: 0,
        errors_by_endpoint: { unmatched: { 404: 2 } },
        status_code_distribution: { 404: 2 },
      });
      portal.clock += 1;
      expect(await inWindow()).to.include({ total_errors: 1 });
      portal.clock += MINUTE;
      expect(await inWindow()).to.deep.include({
        total_errors: 0,
        errors_by_endpoint: {},
        patterns: { kinds: [], by_hour: [], together: [] },
      });
    });
  }

  it('the overview counts the last 5 minutes and the last hour', async () => {
    const { portal } = system;
    const counts = async () => {
      const { body } = await portal.getAsOperator('/monitoring/errors');
      return [body.recent_errors_5min, body.recent_errors_1hour, body.total_errors];
    };
    await portal.get('/nowhere');
    expect(await counts()).to.deep.equal([1, 1, 1]);
    portal.clock = NOON + 6 * MINUTE;
    expect(await counts()).to.deep.equal([0, 1, 1]);
    portal.clock = NOON + 61 * MINUTE;
    expect(await counts()).to.deep.equal([0, 0, 1]);
  });

  it('the last hour is what is summed up unless asked otherwise', async () => {
    expect((await system.portal.getAsOperator(SUMMARY)).body.time_window).to.equal('1h');
  });

  for (const window of ['2m', '5M', '60m', '', 'constructor', '1h&time_window=5m']) {
    it(`the window "${window}" is a 400 that names the parameter and what there is`, async () => {
      const { status, body } = await system.portal.getAsOperator(
        `${SUMMARY}?time_window=${window}`,
      );
      expect(status).to.equal(400);
      expect(JSON.stringify(body.errors))
        .to.include('time_window')
        .and.include('5m, 15m, 1h, 6h, 24h');
    });
  }

  it('minutes are kept for a day, however many pass', () => {
    const minutes = createMinutes<string>();
    for (let i = 0; i < 5000; i++) minutes.add('x', NOON + i * MINUTE);
    const kept = minutes.from(0);
    expect(kept).to.have.length(24 * 60 + 1);
    expect(kept[0]?.start).to.equal(NOON + (5000 - 1441) * MINUTE);
    expect(kept.at(-1)?.start).to.equal(NOON + 4999 * MINUTE);
  });
});

import { expect } from 'chai';
import { PAGE } from '../portal-under-test.ts';
import { flagged } from '../use-portal.ts';
import { startWatchedPortal, useWatchedPortal } from './watched-portal.ts';

const OUTAGES = '/monitoring/outages';

describe('portal: outages that operators force (row 27)', () => {
  const system = useWatchedPortal();

  it('from on to off nothing is sent to the service, and every call is flagged forced', async () => {
    const { portal } = system;
    const on = await portal.postAsOperator(`${OUTAGES}/stats`, { state: 'on' });
    expect(on.status).to.equal(200);
    expect(on.headers['cache-control']).to.equal('no-store');
    const forced = { service: 'stats', state: 'on', since: '2026-11-21T12:00:00.000Z' };
    expect(on.body).to.deep.equal(forced);
    const { status, body } = await portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.leaderboard).to.deep.equal(flagged([], 'forced'));
    expect(body.player_stats).to.deep.equal(flagged({}, 'forced'));
    expect(portal.stub.calls).to.deep.equal([]);
    expect((await portal.getAsOperator(OUTAGES)).body).to.deep.equal({ services: [forced] });

    const off = await portal.postAsOperator(`${OUTAGES}/stats`, { state: 'off' });
    expect(off.body).to.deep.equal({ service: 'stats', state: 'off', since: null });
    expect((await portal.getAsAda(PAGE)).body.degraded).to.equal(false);
    expect(portal.stub.calls).to.have.length(2);
  });

  it('forcing it again changes nothing, and neither does ending what is over', async () => {
    const { portal } = system;
    await portal.postAsOperator(`${OUTAGES}/stats`, { state: 'on' });
    portal.clock += 5000;
    const again = await portal.postAsOperator(`${OUTAGES}/stats`, { state: 'on' });
    expect(again.body.since).to.equal('2026-11-21T12:00:00.000Z');
    await portal.postAsOperator(`${OUTAGES}/stats`, { state: 'off' });
    expect((await portal.postAsOperator(`${OUTAGES}/stats`, { state: 'off' })).body.state).to.equal(
      'off',
    );
  });

  it('the log says what was switched, and by which request', async () => {
    await system.portal.postAsOperator(`${OUTAGES}/stats`, { state: 'on' });
    const line = system.portal.log.find(({ state }) => state === 'on');
    expect(line).to.include({ level: 'warn', service: 'stats' });
    expect(line?.['requestId']).to.match(/^[0-9a-f]{32}$/);
  });

  for (const [name, hint] of [
    ['stat', 'No service has this name, did you mean "stats"?'],
    ['STATS', 'No service has this name, did you mean "stats"?'],
    ['%3Cb%3E', 'No service has this name.'],
  ] as const) {
    it(`a service ${name} is not there: ${hint}`, async () => {
      const { status, body } = await system.portal.postAsOperator(`${OUTAGES}/${name}`, {
        state: 'on',
      });
      expect(status).to.equal(404);
      expect(body.detail).to.equal(hint);
    });
  }

  for (const body of [{}, { state: 'maybe' }, { state: true }, { state: 'on', until: 'noon' }]) {
    it(`${JSON.stringify(body)} is a 400 that says what is wrong`, async () => {
      const answered = await system.portal.postAsOperator(`${OUTAGES}/stats`, body);
      expect(answered.status).to.equal(400);
      expect(JSON.stringify(answered.body.errors)).to.match(/state|until/);
      expect((await system.portal.getAsOperator(OUTAGES)).body.services[0].state).to.equal('off');
    });
  }

  it('the unprotected twin has nothing that could be switched off', async () => {
    await using portal = await startWatchedPortal({}, { unprotected: true });
    expect((await portal.getAsOperator(OUTAGES)).body).to.deep.equal({ services: [] });
  });
});

import { expect } from 'chai';
import { json, text } from '../stub-stats.ts';
import { expectError, useGateway } from './use-gateway.ts';

describe('portal: a service that limits the rate, through the gateway (rows 33, 99)', () => {
  const { system, ask } = useGateway();
  const limited = (retryAfter: string, body: unknown = { status: { message: 'Rate exceeded' } }) =>
    text(JSON.stringify(body), 429, retryAfter === '' ? {} : { 'Retry-After': retryAfter });

  it('is a 429 with the message and the seconds of the service', async () => {
    const answer = await ask(limited('7'));
    expectError(answer, 429, 'Rate exceeded');
    expect(answer.headers['retry-after']).to.equal('7');
    expect(system.stub.boardCalls()).to.equal(1);
  });

  it('a date is a 429 with the seconds until then', async () => {
    const { status, headers } = await ask(limited(new Date(Date.now() + 20_000).toUTCString()));
    expect(status).to.equal(429);
    expect(headers['retry-after']).to.match(/^\d+$/);
    expect(Number(headers['retry-after'])).to.be.within(1, 20);
  });

  for (const said of [
    '',
    '0',
    '-5',
    '1.5',
    '1e99',
    'soon',
    'Wed, 21 Oct 2015 07:28:00 GMT',
    'Wed, 99 Foo 2099 07:28:00 GMT',
    '7, 8',
  ]) {
    it(`"${said}" is a 429 with a time of our own`, async () => {
      const { status, headers } = await ask(limited(said));
      expect(status).to.equal(429);
      expect(headers['retry-after']).to.equal('1');
    });
  }

  for (const digits of [10, 30, 400]) {
    it(`a number of ${digits} digits is a 429 with seconds that any client can read`, async () => {
      const { status, headers } = await ask(limited('9'.repeat(digits)));
      expect(status).to.equal(429);
      expect(headers['retry-after']).to.match(/^\d+$/);
      expect(Number(headers['retry-after'])).to.be.at.most(2 ** 31);
    });
  }

  it('the next one is a 429 too, without another request, and with the seconds that are left', async () => {
    await ask(limited('7'));
    const answer = await ask(json([]));
    expectError(answer, 429, 'The stats service is asked too often.');
    expect(Number(answer.headers['retry-after'])).to.be.within(1, 7);
    expect(system.stub.boardCalls()).to.equal(1);
  });

  it('a page for a message is not passed on', async () => {
    const answer = await ask(text('<html>', 429));
    expectError(answer, 429, 'The stats service is asked too often.');
  });

  it('a degraded page says so too, but never longer than the portal itself will wait', async () => {
    system.stub.board = limited('7');
    const first = await system.portal.get('/games/v2/leaderboard/exrps');
    expect(first.status).to.equal(200);
    expect(first.headers['retry-after']).to.equal('7');
    expect(first.body).to.not.have.property('retryAfterMs');
    await system.restartPortal({ RETRY_AFTER_MAX: '3s' });
    system.stub.board = limited('99999');
    const longer = await system.portal.get('/games/v2/leaderboard/exrps');
    expect(longer.headers['retry-after']).to.equal('3');
  });

  it('a degraded page says when the first of its parts may be back', async () => {
    system.stub.board = limited('20');
    system.stub.stats = limited('5');
    const { headers } = await system.portal.getAsAda('/games/v2/games/exrps');
    expect(headers['retry-after']).to.equal('5');
  });
});

import { expect } from 'chai';
import { createLimiter } from '../../../src/portal/http/limiter.ts';
import { networkOf } from '../../../src/portal/http/limit-requests.ts';
import { until } from '../portal-under-test.ts';
import { usePortal } from '../use-portal.ts';

describe('portal: a limit to what one address may send', () => {
  const system = usePortal({ REQUEST_LIMIT: '5/1h' });

  const burst = (count: number, path = '/games/v1/games/') =>
    Promise.all(Array.from({ length: count }, () => system.portal.get(path)));

  it('of a burst so many are answered, the rest are told when to come back (row 118)', async () => {
    const answers = await burst(20);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(5);
    expect(refused).to.have.length(15);
    for (const { headers, body } of refused) {
      expect(headers['content-type']).to.equal('application/problem+json');
      expect(Number(headers['retry-after'])).to.be.within(1, 720);
      expect(body).to.include({ status: 429, title: 'Too Many Requests', code: 'rate_limited' });
    }
  });

  it('who was refused is answered a little later (row 118)', async () => {
    await system.restartPortal({ REQUEST_LIMIT: '5/500ms' });
    const refused = async () => (await burst(20)).find(({ status }) => status === 429);
    await until(async () => (await refused())?.headers['retry-after'] === '1');
    await until(async () => (await system.portal.get('/games/v1/games/')).status === 200);
  });

  it('what does not exist counts as well', async () => {
    const answers = await burst(20, '/nowhere');
    expect(answers.some(({ status }) => status === 429)).to.equal(true);
  });

  it('whether the portal is up can always be asked', async () => {
    await burst(20);
    const answers = await burst(20, '/health');
    expect(answers.every(({ status }) => status === 200)).to.equal(true);
  });

  it('there is none unless the operator sets one', async () => {
    await system.restartPortal({});
    const answers = await burst(200);
    expect(answers.every(({ status }) => status === 200)).to.equal(true);
  });
});

describe('portal: a limiter', () => {
  const steps = (count: number, perMs: number) => {
    const clock = { at: 1_700_000_000_000.123 };
    return { clock, limiter: createLimiter({ count, perMs }, () => clock.at) };
  };

  it('lets a full burst pass, then one at a time, evenly', () => {
    const { clock, limiter } = steps(4, 1000);
    for (let i = 0; i < 4; i++) expect(limiter.take('a')).to.equal(0);
    expect(limiter.take('a')).to.be.closeTo(250, 1);
    clock.at += 249;
    expect(limiter.take('a')).to.be.above(0);
    clock.at += 1;
    expect(limiter.take('a')).to.equal(0);
    expect(limiter.take('a')).to.be.closeTo(250, 1);
    clock.at += 10_000;
    for (let i = 0; i < 4; i++) expect(limiter.take('a')).to.equal(0);
    expect(limiter.take('a')).to.be.above(0);
  });

  it('what is refused costs nothing', () => {
    const { clock, limiter } = steps(1, 1000);
    expect(limiter.take('a')).to.equal(0);
    for (let i = 0; i < 100; i++) limiter.take('a');
    clock.at += 1000;
    expect(limiter.take('a')).to.equal(0);
  });

  it('counts each key by itself, and gives back what was taken', () => {
    const { limiter } = steps(1, 1000);
    expect(limiter.take('a')).to.equal(0);
    expect(limiter.take('b')).to.equal(0);
    limiter.giveBack('a');
    limiter.giveBack('nobody');
    expect(limiter.take('a')).to.equal(0);
    expect(limiter.take('a')).to.be.above(0);
    expect(limiter.take('b')).to.be.above(0);
  });

  it('forgets who was not seen for longest rather than fill the memory', () => {
    const { limiter } = steps(1, 3_600_000);
    limiter.take('first');
    limiter.take('second');
    for (let i = 0; i < 9_997; i++) limiter.take(`k${i}`);
    limiter.take('last');
    expect(limiter.take('first')).to.be.above(0);
    limiter.giveBack('first');
    expect(limiter.take('first')).to.equal(0);
    limiter.take('one too many');
    expect(limiter.take('first')).to.be.above(0);
    expect(limiter.take('last')).to.be.above(0);
    expect(limiter.take('second')).to.equal(0);
  });

  for (const [address, network] of [
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['::FFFF:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', ''],
  ] as const) {
    it(`${address || 'no address'} counts as ${network || 'one caller'}`, () => {
      expect(networkOf(address)).to.equal(network);
    });
  }

  it('an address that is none cannot fill the memory', () => {
    expect(networkOf('x'.repeat(10_000))).to.have.length(64);
    expect(networkOf(':'.repeat(10_000)).length).to.be.below(100);
  });
});

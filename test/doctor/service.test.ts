import { expect } from 'chai';
import { isolationOf } from '../../src/doctor/isolation.ts';
import { nextPoll, nothingLeft, resources } from '../proxy/rig.ts';
import { examinePages } from './pages.ts';

describe('the checks of a service', () => {
  it('do not ask for its end where there is one for all', async () => {
    const found = await examinePages('', { system: { isolation: 'exclusive' } });
    expect(new Set(Object.values(verdictsOf(found)))).to.deep.equal(new Set(['holds']));
    expect(found['starts']?.seen).to.match(/^ready in [\d.]+ ms; there is one for all$/);
    expect(isolationOf(Object.values(found), true)).to.match(/^one cell after another, or all/);
  });

  it('hold where it keeps nothing and passes baggage on, and leave nothing behind', async () => {
    await nextPoll();
    const before = resources();
    const found = await examinePages('');
    expect(verdictsOf(found)).to.deep.equal({
      starts: 'holds',
      healthy: 'holds',
      calls: 'holds',
      propagates: 'holds',
      isolated: 'holds',
    });
    expect(found['starts']?.seen).to.match(/^ready in [\d.]+ ms; gone in [\d.]+ ms$/);
    expect(found['healthy']?.seen).to.match(/^page: 200 in [\d.]+ ms$/);
    expect(found['calls']?.seen)
      .to.match(/leaderboard ×3/)
      .and.to.match(/player-stats ×3/);
    expect(found['propagates']?.seen).to.equal(
      'baggage on 6 of 6 calls; traceparent on 6 of 6 calls',
    );
    expect(found['isolated']?.seen).to.equal(
      '2 calls, broken 56 times for one run: 14 answers to others whole',
    );
    expect(isolationOf(Object.values(found))).to.include(
      'all cells on one instance at once, by baggage',
    );
    await nothingLeft(before);
  });

  it('hold where calls have no names, and catch what is kept of them', async () => {
    const upstreams = { stats: { target: 'builtin stats' } };
    const options = { contract: false, requests: ['GET /'], upstreams };
    const found = await examinePages('', options);
    expect(found['calls']?.seen).to.include('GET /leaderboards/top_ten/exrps ×3');
    expect(verdictsOf(found)).to.include({ propagates: 'holds', isolated: 'holds' });
    const { isolated } = await examinePages('breaks', options);
    expect(isolated?.verdict).to.equal('fails');
  });

  it('need no isolation where nothing is claimed', async () => {
    const found = await examinePages('', { stateless: false });
    expect(verdictsOf(found)).to.include({ propagates: 'holds', isolated: 'not needed' });
    expect(isolationOf(Object.values(found))).to.include('say stateless: true');
  });
});

describe('the check starts', () => {
  it('fails with the last lines of a service that dies, and tries nothing else', async () => {
    const found = await examinePages('dies', { environment: { LICENCE: 's3cret-licence' } });
    expect(found['starts']?.verdict).to.equal('fails');
    expect(found['starts']?.seen).to.include('the service did not start').and.include('no licence');
    expect(found['starts']?.seen).to.include('[redacted]').and.not.include('s3cret-licence');
    const { starts: _, ...others } = found;
    for (const one of Object.values(others)) {
      expect([one.verdict, one.seen]).to.deep.equal(['unknown', expectedAfter(one.name)]);
    }
    expect(isolationOf(Object.values(found))).to.equal(undefined);
  });

  it('fails where something goes on listening after the end', async () => {
    const { starts } = await examinePages('stays');
    expect(starts?.verdict).to.equal('fails');
    expect(starts?.seen).to.match(
      /^it still listens on 127\.0\.0\.1:\d+ after it was told to end$/,
    );
    expect(starts?.advice).to.include('foreground');
  });
});

describe('the check healthy', () => {
  it('fails where the answer is an error before any fault', async () => {
    const { healthy } = await examinePages('sick');
    expect(healthy?.verdict).to.equal('fails');
    expect(healthy?.seen).to.include('page: ').and.include('status: expected 2xx, got 500');
    const asked = await examinePages('sick', { contract: false, requests: ['GET /'] });
    expect(asked['healthy']?.verdict).to.equal('fails');
    expect(asked['healthy']?.seen).to.include('GET /: ').and.include('got 500');
  });

  it('cannot judge by a contract whose answers change, and says what changes', async () => {
    const { healthy, isolated } = await examinePages('changes');
    expect(healthy?.verdict).to.equal('unknown');
    expect(healthy?.seen).to.include('/now');
    expect(isolated?.verdict).to.equal('unknown');
  });

  it('learns by itself what changes in the answer to a request', async () => {
    const options = { contract: false, requests: ['GET /'] };
    const found = await examinePages('changes', options);
    expect(verdictsOf(found)).to.include({ healthy: 'holds', isolated: 'holds' });
  });

  it('cannot say anything where there is nothing to ask', async () => {
    const found = await examinePages('', { contract: false });
    expect(found['healthy']?.verdict).to.equal('unknown');
    expect(found['healthy']?.advice).to.include('--request');
    expect(found['calls']?.verdict).to.equal('unknown');
  });
});

describe('the check calls', () => {
  it('cannot prove anything where the service makes none', async () => {
    const { calls } = await examinePages('idle', { contract: false, requests: ['GET /'] });
    expect([calls?.verdict, calls?.seen]).to.deep.equal(['unknown', 'GET /: no call']);
    expect(calls?.advice).to.include('${upstream.name.url}');
  });

  it('names a proxy of the environment that may take them away', async () => {
    const environment = { HTTP_PROXY: 'http://127.0.0.1:1' };
    const options = { contract: false, requests: ['GET /'], environment };
    const { calls } = await examinePages('idle', options);
    expect(calls?.advice).to.include('HTTP_PROXY').and.include('NO_PROXY=127.0.0.1');
  });

  it('does not count what is called all the time anyway', async () => {
    const options = { contract: false, requests: ['GET /'] };
    const { calls } = await examinePages('idle polls', options);
    expect(calls?.seen).to.equal('GET /: no call');
  });
});

describe('the check propagates', () => {
  it('fails where stateless: true is said and no call carries the baggage', async () => {
    const { propagates, isolated } = await examinePages('mute');
    expect(propagates?.verdict).to.equal('fails');
    expect(propagates?.seen).to.match(/^baggage on 0 of 6 calls; traceparent on 0 of 6 calls; no /);
    expect(propagates?.advice).to.include('OTEL_PROPAGATORS');
    expect(isolated?.verdict).to.equal('unknown');
  });

  it('names the calls that do not', async () => {
    const { propagates } = await examinePages('half-mute');
    expect([propagates?.verdict, propagates?.seen]).to.deep.equal([
      'fails',
      'baggage on 3 of 6 calls; traceparent on 3 of 6 calls; no baggage on player-stats',
    ]);
  });

  it('is not needed where nothing is claimed', async () => {
    const found = await examinePages('mute', { stateless: false });
    expect(found['propagates']?.verdict).to.equal('not needed');
    expect(found['propagates']?.advice).to.equal('Cells get an instance each.');
    expect(isolationOf(Object.values(found))).to.match(/not by baggage$/);
  });

  it('tells of upstreams that can carry none', async () => {
    const upstreams = { database: { protocol: 'tcp', target: '127.0.0.1:1' } };
    const { propagates } = await examinePages('', { upstreams });
    expect(propagates?.verdict).to.equal('holds');
    expect(propagates?.seen).to.include('database cannot carry any (tcp)');
  });
});

describe('the check isolated', () => {
  for (const [way, what, seen] of [
    ['caches', 'keeps good answers', /so answers are kept$/],
    [
      'breaks',
      'has a breaker',
      /broke \d+ times for one run, the answer to another run differs at/,
    ],
    ['falls-back', 'stops asking', /, (leaderboard|player-stats) was not called for another run$/],
    ['shares', 'shares calls that are under way', /^page: while \S+ breaks for one run, /],
    ['keeps-stale', 'answers with what it had', /changes with what was asked before, at /],
  ] as const) {
    it(`catches a service that says stateless: true and ${what}`, async () => {
      const found = await examinePages(way);
      expect(found['isolated']?.verdict, found['isolated']?.seen).to.equal('fails');
      expect(found['isolated']?.seen).to.match(seen);
      expect(found['isolated']?.advice).to.include('stateless: true');
      expect(isolationOf(Object.values(found))).to.include('keeps something between requests');
    });
  }

  it('compares pages of text as they stand', async () => {
    const options = { contract: false, requests: ['GET /', 'GET /health'] };
    const whole = await examinePages('text', options);
    expect(whole['calls']?.seen).to.include('GET /health: no call');
    expect(whole['isolated']?.verdict).to.equal('holds');
    const { isolated } = await examinePages('text breaks', options);
    expect(isolated?.verdict).to.equal('fails');
    expect(isolated?.seen).to.match(/the answer to another run differs at its body$/);
  });
});

function verdictsOf(found: Awaited<ReturnType<typeof examinePages>>): Record<string, string> {
  return Object.fromEntries(Object.entries(found).map(([name, { verdict }]) => [name, verdict]));
}

function expectedAfter(name: string): string {
  const before = {
    healthy: 'starts',
    calls: 'healthy',
    propagates: 'calls',
    isolated: 'propagates',
  };
  return `not tried: “${before[name as keyof typeof before]}” did not hold`;
}

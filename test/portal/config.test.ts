import { expect } from 'chai';
import { readConfig } from '../../src/portal/config.ts';
import { BrownoutError } from '../../src/common/errors.ts';

describe('portal: configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    const { plugs, ...stats } = config.stats;
    const order = plugs.map(({ name }) => name);
    expect(order).to.deep.equal(['breaker', 'request-id', 'trace', 'keys', 'json']);
    expect(stats).to.deep.equal({
      name: 'stats',
      baseUrl: 'http://127.0.0.1:5000',
      ca: undefined,
      userAgent: 'brownout-portal',
      headers: {},
      keys: [],
      keyHeader: 'X-Api-Key',
      methods: ['GET'],
      connectTimeoutMs: undefined,
      bodyLimit: 1024 * 1024,
      messageField: 'status.message',
      codeField: undefined,
      rateLimit: undefined,
      policy: {
        deadlineMs: 1000,
        attemptTimeoutMs: 400,
        attempts: 2,
        backoffMinMs: 25,
        backoffMaxMs: 75,
        retryAfterMaxMs: 30_000,
        breaker: { threshold: 0.5, size: 20, minimum: 10, openMs: 1000 },
        bulkhead: { limit: 500 },
      },
    });
    expect(config.tokens).to.include({ accessMs: 3_600_000, refreshMs: 30 * 86_400_000 });
    expect(config.unprotected).to.equal(false);
  });

  it('makes a secret of its own where none is given, another each time', () => {
    const [one, two] = [readConfig({}).tokens.secret, readConfig({}).tokens.secret];
    expect(one).to.have.length.above(40);
    expect(one).to.not.equal(two);
    expect(readConfig({ JWT_SECRET: 'given' }).tokens.secret).to.equal('given');
  });

  it('reads what is given, and takes an empty variable for an absent one', () => {
    const { stats, logLevel } = readConfig({
      STATS_TRACKER_URL: 'https://stats.example.test:8443/base//',
      PAGE_DEADLINE: '2s',
      ATTEMPTS: '5',
      BREAKER_THRESHOLD: '12.5%',
      BREAKER_SIZE: '4',
      LOG_LEVEL: 'debug',
      ATTEMPT_TIMEOUT: '',
    });
    expect(stats.baseUrl).to.equal('https://stats.example.test:8443/base');
    expect(stats.policy).to.include({ deadlineMs: 2000, attempts: 5, attemptTimeoutMs: 400 });
    expect(stats.policy.breaker).to.include({ threshold: 0.125, size: 4, minimum: 4 });
    expect(logLevel).to.equal('debug');
  });

  it('lets overrides win', () => {
    expect(readConfig({}, { unprotected: true }).unprotected).to.equal(true);
  });

  for (const [name, value, said] of [
    ['STATS_TRACKER_URL', 'stats:5000', 'expected a URL such as http://127.0.0.1:5000'],
    ['STATS_TRACKER_URL', 'nonsense', 'got "nonsense"'],
    ['STATS_TRACKER_URL', 'http://u:p@stats/', 'without user, password'],
    ['STATS_TRACKER_URL', 'http://stats/?key=1', 'without user, password'],
    ['PAGE_DEADLINE', '1000', 'expected a duration such as 250ms'],
    ['PAGE_DEADLINE', '0ms', 'expected 1ms to 24 days'],
    ['ATTEMPT_TIMEOUT', '700h', 'expected 1ms to 24 days'],
    ['ATTEMPTS', '0', 'expected a whole number from 1 to 10'],
    ['ATTEMPTS', '1.5', 'expected a whole number'],
    ['BACKOFF_MAX', '10ms', 'is less than BACKOFF_MIN'],
    ['RETRY_AFTER_MAX', 'soon', 'expected a duration'],
    ['STATS_TRACKER_CA', '/nowhere/ca.pem', 'ENOENT'],
    ['STATS_TRACKER_CA', 'package.json', 'there is no certificate in package.json'],
    ['BREAKER_THRESHOLD', '0.5', 'expected a percentage'],
    ['BREAKER_THRESHOLD', '100%', 'expected a percentage'],
    ['BREAKER_MINIMUM', '21', 'expected a whole number from 1 to 20'],
    ['STATS_BODY_LIMIT', '5', 'expected a size such as 64KB'],
    ['HEADERS_TIMEOUT', '40s', 'is more than REQUEST_TIMEOUT'],
    ['REQUEST_TIMEOUT', '5', 'expected a duration'],
    ['STOP_GRACE', '700h', 'expected 1ms to 24 days'],
    ['REQUEST_LIMIT', '5', 'expected a rate such as 20/s'],
    ['REQUEST_LIMIT', '0/s', 'expected a whole number from 1'],
    ['GUESS_LIMIT', '5/1', 'expected a duration'],
    ['GUESS_LIMIT', 'off', 'expected a rate such as 20/s'],
    ['TRUSTED_PROXIES', 'all', 'expected a whole number from 0 to 10'],
    ['CORS_ORIGINS', 'games.example.test', 'expected an origin such as https://games'],
    ['CORS_ORIGINS', 'https://a.test/path', 'expected an origin such as https://games'],
    ['OPERATOR_TOKEN', 'x'.repeat(15), 'expected at least 16'],
    ['OPERATOR_TOKEN', 'sixteen or more, with spaces', 'without a space'],
    ['METRICS_OPEN', 'maybe', 'expected on, off'],
    ['ALERT_AFTER', '0', 'expected a whole number from 1'],
    ['ALERT_COOLDOWN', '300', 'expected a duration'],
    ['LOG_LEVEL', 'eror', 'did you mean "error"?'],
  ] as const) {
    it(`refuses ${name}=${value} and says why`, () => {
      expect(() => readConfig({ [name]: value }))
        .to.throw(BrownoutError, said)
        .that.satisfies(({ message }: BrownoutError) => message.startsWith(`${name}: `));
    });
  }

  it('never repeats a password in what it says', () => {
    expect(() => readConfig({ OPERATOR_TOKEN: 'hunter2' })).to.throw(/^((?!hunter2).)*$/);
    expect(() => readConfig({ STATS_TRACKER_URL: 'http://u:hunter2@stats/' })).to.throw(
      /^((?!hunter2).)*$/,
    );
  });
});

import { expect } from 'chai';
import { BrownoutError } from '../../../src/common/errors.ts';
import { readConfig } from '../../../src/portal/config.ts';
import { breaker } from '../../../src/portal/upstream/plugs/breaker.ts';
import { keyCase } from '../../../src/portal/upstream/plugs/key-case.ts';
import { json } from '../../../src/portal/upstream/plugs/json.ts';
import type { Method } from '../../../src/portal/upstream/plugs/plug.ts';
import {
  completeConfig,
  type ServiceOptions,
} from '../../../src/portal/upstream/service-config.ts';
import { startPortal } from '../../../src/portal/start.ts';
import { PAGE, startPortalUnderTest } from '../portal-under-test.ts';
import { startStub } from '../stub-stats.ts';
import { CAUSE, useService, valueOf } from './service-under-test.ts';

describe('portal: the configuration of a service (row 90)', () => {
  const system = useService({
    userAgent: 'arcade/1.0',
    headers: { 'x-team': 'blue', 'x-none': undefined, 'x-nil': null },
    keys: ['only-key'],
    keyHeader: 'Authorization',
    methods: ['GET', 'POST'],
  });

  it('reaches the service: user agent, key, and base headers but those without a value (rows 90, 105)', async () => {
    valueOf(await system.call()({ path: ['one', 'two'] }, CAUSE));
    const [{ url, headers } = { url: '', headers: {} }] = system.stub.calls;
    expect(url).to.equal('/one/two');
    expect(headers).to.include({
      'user-agent': 'arcade/1.0',
      'x-team': 'blue',
      authorization: 'only-key',
      accept: 'application/json',
      'x-request-id': CAUSE.requestId,
    });
    expect(headers).to.not.have.any.keys('x-none', 'x-nil');
  });

  it('adds what one question brings: a query, encoded, and headers', async () => {
    const query = { q: 'a b&c=d', page: '2' };
    const headers = { 'x-team': null, 'x-extra': '1' };
    valueOf(await system.call()({ path: ['find'], query, headers }, CAUSE));
    expect(system.stub.calls[0]?.url).to.equal('/find?q=a+b%26c%3Dd&page=2');
    expect(system.stub.calls[0]?.headers).to.include({ 'x-extra': '1' });
    expect(system.stub.calls[0]?.headers).to.not.have.property('x-team');
  });

  it('refuses a method that it does not allow, before anything is sent', () => {
    expect(() => system.call({ method: 'DELETE' })).to.throw(
      BrownoutError,
      'the method DELETE is not among GET, POST',
    );
    expect(system.stub.calls).to.deep.equal([]);
  });

  it('refuses a second call of the same name, whose breaker nobody could tell from the first', () => {
    system.call();
    expect(() => system.call()).to.throw(BrownoutError, 'another call has this name');
  });

  const sound: ServiceOptions = { name: 'sample', baseUrl: 'http://127.0.0.1:1' };
  for (const [what, wrong, said] of [
    ['no name', { name: undefined as unknown as string }, 'needs a name'],
    ['an empty name', { name: '' }, 'needs a name'],
    ['a name that is no word', { name: 'My Service' }, 'needs a name'],
    ['no address', { baseUrl: undefined as unknown as string }, 'sample: baseUrl: expected a URL'],
    ['an empty address', { baseUrl: '' }, 'sample: baseUrl: expected a URL'],
    ['an address with a password', { baseUrl: 'http://u:hunter2@x/' }, 'without user, password'],
    ['a method that nobody knows', { methods: ['BREW' as Method] }, 'expected GET, POST'],
    ['no methods at all', { methods: [] }, 'expected GET, POST'],
    ['a header that is no name', { headers: { 'x y': '1' } }, 'headers: Header name'],
    ['a header with a line feed', { headers: { x: 'a\nb' } }, 'headers: Invalid character'],
    ['a cookie for everyone', { headers: { Cookie: 'a=b' } }, 'headers: cookies are not sent'],
    ['a key with a line feed', { keys: ['hunter2\n'] }, 'a key has characters'],
    ['an empty key', { keys: ['a', ''] }, 'a key has characters'],
    ['a key header that is no name', { keyHeader: 'my key' }, 'keyHeader: Header name'],
    ['a user agent with a line feed', { userAgent: 'a\r\nb' }, 'userAgent: Invalid character'],
    ['a deadline of no time', { policy: { deadlineMs: 0 } }, 'policy: deadlineMs'],
    ['no attempts', { policy: { attempts: 0 } }, 'policy: attempts'],
    ['an attempt of NaN', { policy: { attemptTimeoutMs: NaN } }, 'policy: attemptTimeoutMs'],
    ['a body limit below one', { bodyLimit: 0 }, 'bodyLimit'],
    ['no breaker', { plugs: [json] }, 'the breaker must come first'],
    ['no plugs', { plugs: [] }, 'the breaker must come first'],
    ['a breaker within (row 92)', { plugs: [json, breaker] }, 'json, breaker'],
    ['key-case behind json', { plugs: [breaker, json, keyCase] }, 'key-case must come before'],
    ['two breakers (row 92)', { plugs: [breaker, json, breaker] }, 'first and once'],
  ] as const satisfies readonly (readonly [string, Partial<ServiceOptions>, string])[]) {
    it(`refuses at start-up ${what}`, () => {
      expect(() => completeConfig({ ...sound, ...wrong }))
        .to.throw(BrownoutError, said)
        .that.satisfies(
          ({ code, message }: BrownoutError) =>
            code === 'invalid_config' && !message.includes('hunter2'),
        );
    });
  }

  it('comes from the environment for the stats service', async () => {
    await using stub = await startStub();
    await using portal = await startPortalUnderTest(stub.url, {
      STATS_KEYS: 'key-one',
      STATS_KEY_HEADER: 'X-Stats-Key',
      STATS_USER_AGENT: 'my-portal/2',
    });
    expect((await portal.getAsAda(PAGE)).body.degraded).to.equal(false);
    expect(stub.calls).to.have.length(2);
    for (const { headers } of stub.calls) {
      expect(headers).to.include({ 'x-stats-key': 'key-one', 'user-agent': 'my-portal/2' });
    }
  });

  it('sends no key unless there is one', async () => {
    await using stub = await startStub();
    await using portal = await startPortalUnderTest(stub.url);
    await portal.getAsAda(PAGE);
    expect(stub.calls[0]?.headers).to.not.have.any.keys('x-api-key', 'authorization', 'cookie');
  });

  for (const [name, value, said] of [
    ['STATS_KEYS', 'a,,b', 'expected keys of visible ASCII characters'],
    ['STATS_KEYS', 'hunter2\u00e9', 'expected keys of visible ASCII characters'],
    ['STATS_KEY_HEADER', 'my key', 'Header name must be a valid HTTP token'],
    ['STATS_USER_AGENT', 'a\nb', 'Invalid character in header content'],
    ['STATS_RATE_LIMIT', '20', 'expected a rate such as 20/s'],
    ['STATS_RATE_LIMIT', '0/s', 'expected a whole number from 1'],
    ['STATS_RATE_LIMIT', '5/fortnight', 'expected a duration'],
    ['STATS_RATE_QUEUE', 'some', 'expected a whole number'],
    ['STATS_CONNECT_TIMEOUT', '5', 'expected a duration'],
  ] as const) {
    it(`the portal does not start with ${name}=${JSON.stringify(value)}`, async () => {
      const error = await startPortal({ env: { [name]: value } }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(BrownoutError);
      expect((error as BrownoutError).message).to.match(new RegExp(`^${name}: ${said}`));
      expect((error as BrownoutError).message).to.not.include('hunter2');
    });
  }

  it('reads rates a second, a minute and any other time', () => {
    const rateOf = (text: string) => readConfig({ STATS_RATE_LIMIT: text }).stats.rateLimit;
    expect(rateOf('20/s')).to.deep.equal({ count: 20, perMs: 1000, queue: 100 });
    expect(rateOf('100/2m')).to.deep.equal({ count: 100, perMs: 120_000, queue: 100 });
    expect(rateOf('3/500ms')).to.deep.equal({ count: 3, perMs: 500, queue: 100 });
  });
});

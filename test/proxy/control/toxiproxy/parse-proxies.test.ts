import { expect } from 'chai';
import { InvalidError } from '../../../../src/common/errors.ts';
import { parseProxies } from '../../../../src/proxy/toxiproxy/proxy-spec.ts';
import { createToxiproxy } from '../../../../src/proxy/toxiproxy/toxiproxy.ts';
import { silent, toxicOf, withToxiproxy } from './with-toxiproxy.ts';

/** What is wrong, by its path. */
function problemsOf(value: unknown): Record<string, string> {
  try {
    parseProxies(value);
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return Object.fromEntries(error.problems.map((p) => [p.path.join('.'), p.message]));
  }
  return {};
}

const UPSTREAM = 'localhost:6379';

describe('Toxiproxy’s configuration', () => {
  it('is read as proxies with their toxics, in full', () => {
    const proxies = parseProxies([
      {
        name: 'redis',
        listen: '[::]:26379',
        upstream: UPSTREAM,
        enabled: true,
        toxics: [{ type: 'latency', attributes: { latency: 5 } }],
      },
      { name: 'off', listen: 'x', upstream: 'y', enabled: false, Logger: {} },
      { name: 'least', upstream: ':80' },
    ]);
    expect(proxies).to.deep.equal([
      {
        name: 'redis',
        listen: '[::]:26379',
        upstream: UPSTREAM,
        enabled: true,
        toxics: [toxicOf('latency', { latency: 5, jitter: 0 })],
      },
      { name: 'off', listen: 'x', upstream: 'y', enabled: false },
      { name: 'least', listen: '', upstream: ':80' },
    ]);
  });

  it('is refused with all that is wrong, each at its path', () => {
    const good = { name: 'good', upstream: UPSTREAM };
    expect(
      problemsOf([
        good,
        { upstream: UPSTREAM },
        { name: 'b' },
        { name: 'a/b', upstream: UPSTREAM },
        good,
        { name: 'c', upstream: 'nowhere' },
        { name: 'd', upstream: UPSTREAM, listen: 'nowhere' },
        { name: 'e', upstream: UPSTREAM, toxics: [{ type: 'noop' }, { type: 'slicer' }] },
        { name: 'f', upstream: UPSTREAM, toxics: [{ type: 'nope' }] },
        { name: 'g', upstream: UPSTREAM, toxics: {} },
        { name: 'h', upstream: UPSTREAM, enabled: 'yes' },
        'i',
      ]),
    ).to.deep.equal({
      '1.name': 'missing required field: name',
      '2.upstream': 'missing required field: upstream',
      '3.name':
        'expected 1 to 128 printable ASCII characters without a slash, not . or .., got "a/b"',
      '4.name': '"good" is given to two proxies',
      '5.upstream': 'expected host:port, got "nowhere"',
      '6.listen': 'listen tcp: address nowhere: missing port in address',
      '7.toxics.1.attributes.average_size':
        'expected a whole number from 1 to 9007199254740991, got 0',
      '8.toxics.0.type': 'invalid toxic type',
      '9.toxics': 'expected a list, got {}',
      '10.enabled': 'expected true or false, got "yes"',
      '11': 'expected an object, got "i"',
    });
    expect(problemsOf({})).to.deep.equal({ '': 'expected a list of proxies, got {}' });
  });

  it('is what a proxy is populated with, once it is read', () =>
    withToxiproxy(silent, async ({ proxy, upstream, ask, pair }) => {
      const given = [{ name: 'db', listen: '127.0.0.1:0', upstream, toxics: [{ type: 'noop' }] }];
      const [made] = await createToxiproxy(proxy).populate(parseProxies(given));
      expect((await ask('GET /proxies')).body).to.deep.equal({ db: made });
      await pair(made ?? '');
      // What the file has disabled, the routes enable.
      await createToxiproxy(proxy).update('db', { enabled: false });
      expect((await ask('POST /reset')).status).to.equal(204);
      await pair(made ?? '');
    }));
});

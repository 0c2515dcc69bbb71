import { expect } from 'chai';
import { atPhase, defineFault, type Fault } from '../../src/proxy/fault.ts';
import { parseInject } from '../../src/proxy/fault-spec.ts';
import { placeFault, type Place } from '../../src/proxy/placement.ts';
import { duration } from '../../src/proxy/parameter.ts';

describe('where a fault acts', () => {
  const http = {
    upstream: 'stats',
    protocol: 'http',
    tls: false,
    narrowed: false,
    byResponse: false,
  } as const;
  const tcp = { ...http, protocol: 'tcp' } as const;
  const call = { ...http, narrowed: true } as const;
  const byResponse = { ...call, byResponse: true } as const;
  const place = (inject: unknown, where: Place) => {
    const [planned] = parseInject(inject);
    if (!planned) throw new Error('no fault');
    return placeFault(planned, where);
  };
  const placed = (inject: unknown, where: Place) => {
    const result = place(inject, where);
    return typeof result === 'string'
      ? result
      : `${result.phase} ${result.level}${result.live ? ' live' : ''}`;
  };

  for (const [inject, where, expected] of [
    ['reset', http, 'accept connection live'],
    ['reset', call, 'request request'],
    ['reset', tcp, 'accept connection live'],
    ['reset', byResponse, 'headers request'],
    [{ hang: 'body' }, byResponse, 'body request'],
    [{ reset: 'body', after: '1KB' }, tcp, 'body connection live'],
    [{ latency: '1s' }, http, 'request request'],
    [{ latency: '1s' }, tcp, 'accept connection'],
    [{ latency: '1s' }, byResponse, 'headers request'],
    [{ latency: '1s', at: 'accept' }, http, 'accept connection'],
    [{ 'limit-time': '1s' }, http, 'accept connection live'],
    [{ 'limit-time': '1s' }, tcp, 'accept connection live'],
    [{ tls: 'expired' }, { ...http, tls: true }, 'handshake connection'],
    [{ duplicate: 'response' }, byResponse, 'headers request'],
    ['refuse', http, 'accept listener'],
    ['refuse', tcp, 'accept listener'],
    ['empty', http, 'request request'],
    ['empty', byResponse, 'headers request'],
    [{ mutate: 'drop' }, byResponse, 'body request'],
  ] as const) {
    it(`is ${expected}: ${JSON.stringify(inject)} on ${nameOf(where)}`, () => {
      expect(placed(inject, where)).to.equal(expected);
    });
  }

  it('is told to the fault as the phase it acts at', () => {
    for (const [inject, where, at] of [
      ['reset', byResponse, 'headers'],
      [{ latency: '1s' }, tcp, 'accept'],
      ['hang', call, 'request'],
    ] as const) {
      expect(place(inject, where)).to.have.nested.property('values.at', at);
    }
  });

  for (const [inject, where, message] of [
    [
      'refuse',
      call,
      /^refuse at accept acts on connections.*reset or close with at: request.*\(on: stats\)/,
    ],
    [{ hang: 'accept' }, call, /^hang at accept acts on connections, before any path is known/],
    ['empty', tcp, /^empty acts on HTTP, and "stats" speaks tcp: use .*close, .*reset/],
    [{ reset: 'request' }, tcp, /^reset at request acts on HTTP.*at: accept or at: body/],
    [{ latency: '1s', at: 'headers' }, tcp, /^latency at headers acts on HTTP/],
    [
      { reset: 'request' },
      byResponse,
      /^reset at request comes before the response.*use at: headers or body/,
    ],
    [{ latency: '1s', at: 'request' }, byResponse, /^latency at request comes before the response/],
    [
      { duplicate: 'request' },
      byResponse,
      /^duplicate comes before the response.*leave match.response out/,
    ],
    [
      { 'limit-time': '1s' },
      call,
      /^limit-time acts on connections, before any path is known: use reset or close/,
    ],
    [{ tls: 'expired' }, http, /^tls acts on TLS.*set tls: true on that upstream/],
    [{ tls: 'expired' }, { ...call, tls: true }, /^tls acts on connections/],
    [{ reset: 'accept' }, byResponse, /^reset at accept acts on connections/],
  ] as const) {
    it(`is nowhere, and it says why: ${JSON.stringify(inject)} on ${nameOf(where)}`, () => {
      expect(place(inject, where)).to.match(message);
    });
  }

  describe('of a fault that', () => {
    const made = (more: Partial<Fault>, written: Readonly<Record<string, unknown>> = {}) => {
      const fault: Fault = { ...BARE, ...more };
      return { fault, spec: { fault: fault.name, ...written }, values: written };
    };
    const labelOf = (more: Partial<Fault>, where: Place, written = {}) => {
      const result = placeFault(made(more, written), where);
      return typeof result === 'string'
        ? result
        : `${result.phase} ${result.level}${result.live ? ' live' : ''}`;
    };

    it('has nothing to do with requests is on connections, whatever is spoken', () => {
      const cut = { name: 'cut', phase: 'accept', onLink: () => {} } as const;
      expect(labelOf(cut, http)).to.equal('accept connection');
      expect(labelOf(cut, tcp)).to.equal('accept connection');
      expect(labelOf({ ...cut, phase: 'body' }, http)).to.equal('body connection');
      expect(labelOf(cut, call)).to.match(
        /^cut acts on connections, before any path is known: use reset or close/,
      );
    });

    it('acts on TLS is on connections, where there is TLS', () => {
      const handshake = { name: 'alert', phase: 'handshake', onHandshake: () => {} } as const;
      expect(labelOf(handshake, { ...http, tls: true })).to.equal('handshake connection');
      expect(labelOf(handshake, http)).to.match(
        /"stats" is reached without: set tls: true on that upstream/,
      );
      expect(labelOf(handshake, { ...call, tls: true })).to.match(/^alert acts on connections/);
      expect(labelOf(handshake, { ...tcp, tls: true })).to.equal('handshake connection');
    });

    it('says itself when it acts on what is open already', () => {
      const some = { onLink: () => {}, live: ({ deep }: { deep?: unknown }) => deep === true };
      expect(labelOf({ ...some, phase: 'body' } as never, tcp, { deep: true })).to.equal(
        'body connection live',
      );
      expect(labelOf({ ...some, phase: 'body' } as never, tcp, { deep: false })).to.equal(
        'body connection',
      );
    });

    it('finds its own values wrong is told so in its own words', () => {
      const picky = {
        onExchange: () => {},
        check: (_: unknown, { narrowed }: { narrowed: boolean }) =>
          narrowed ? 'not on a call' : undefined,
      };
      expect(labelOf(picky, http)).to.equal('request request');
      expect(labelOf(picky, call)).to.equal('not on a call');
    });

    it('has no phase after the response began cannot go by the response', () => {
      const early = { onExchange: () => {}, parameters: { at: atPhase(['accept', 'request']) } };
      expect(labelOf(early, byResponse)).to.match(
        /^bare at request comes before the response.*leave match.response out/,
      );
    });
  });
});

function nameOf({ protocol, narrowed, byResponse }: Place): string {
  if (protocol === 'tcp') return 'tcp';
  if (byResponse) return 'a match of the response';
  return narrowed ? 'a call' : 'an upstream';
}

const BARE = defineFault({
  name: 'bare',
  summary: 'made for a test',
  parameters: { delay: duration('nothing', { optional: true }) },
  phase: 'request',
}) as unknown as Fault;

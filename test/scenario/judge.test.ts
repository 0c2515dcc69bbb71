import { expect } from 'chai';
import { parseRule } from '../../src/proxy/catalogue.ts';
import type { Injected, JournalEntry } from '../../src/proxy/journal.ts';
import { firedWithin } from '../../src/scenario/judge/judge.ts';

const ENTRY: JournalEntry = {
  id: 1,
  at: 100,
  run: 'x',
  upstream: 'stats',
  call: 'board',
  method: 'GET',
  path: '/board',
  status: null,
  durationMs: 20,
  bytesIn: 0,
  bytesOut: 0,
  matched: ['r1'],
  injected: [],
  unframed: false,
  end: 'reset',
};

/** Whether a fault counts as fired for a request from `from` to `to`, when it began at 110 in an exchange from 100 to 120. */
function fired(
  inject: string,
  [from, to]: [number, number],
  { entry, reached = true }: { entry?: Partial<JournalEntry>; reached?: boolean } = {},
): boolean {
  const planned = parseRule({ on: 'stats', inject }, { stats: { calls: ['board'] } });
  const [{ fault, phase } = { fault: { name: '' }, phase: 'end' as const }] = planned.faults;
  const injected: Injected[] = [{ rule: 'r1', fault: fault.name, phase, atMs: 10 }];
  const standing = [{ view: { id: 'r1', ...planned.spec }, rule: { written: {}, planned } }];
  const entries = [{ ...ENTRY, injected, ...entry }];
  return firedWithin(standing, entries, { from, to }, () => reached).length === 1;
}

describe('a fault has fired for a request', () => {
  it('when it began to act while the request was under way', () => {
    expect(fired('reset', [105, 115])).to.equal(true);
    expect(fired('hang', [105, 115])).to.equal(true);
  });

  it('not when it began after the answer', () => {
    expect(fired('reset', [105, 109])).to.equal(false);
    expect(fired('hang', [105, 109])).to.equal(false);
  });

  it('when it began before and still lasted; a cut does not last', () => {
    expect(fired('hang', [115, 130])).to.equal(true);
    expect(fired('hang', [125, 130])).to.equal(false);
    expect(fired('hang', [125, 130], { entry: { durationMs: null } })).to.equal(true);
    expect(fired('reset', [115, 130])).to.equal(false);
    expect(fired('reset', [115, 130], { entry: { durationMs: null } })).to.equal(false);
  });

  it('a closed port only when the same request is known to come there', () => {
    const entry = { durationMs: null };
    expect(fired('refuse', [200, 300], { entry })).to.equal(true);
    expect(fired('refuse', [200, 300], { entry, reached: false })).to.equal(false);
  });

  it('not by what another rule did', () => {
    const injected: Injected[] = [{ rule: 'r2', fault: 'reset', phase: 'accept', atMs: 10 }];
    expect(fired('reset', [105, 115], { entry: { injected } })).to.equal(false);
  });
});

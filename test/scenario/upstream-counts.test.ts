import { expect } from 'chai';
import { gotOf } from './judged.ts';
import { run } from './run-files.ts';
import { rightPage, type Behaviour } from './service.ts';
import { wrong } from './scenario-text.ts';

/** Asks once more where a call failed. */
const retrying: Behaviour = async ({ call }) => ({
  body: await rightPage({ call: (path) => call(path).catch(() => call(path)) }),
});
const faults = [{ on: 'stats.board', inject: { status: 503 }, trigger: { first: 1 } }];
const judging = (upstream: object) =>
  run({
    service: retrying,
    scenario: { faults, expect: { degraded: 'none', upstream } },
  });

describe('the expectation upstream', () => {
  it('counts by a call, by its upstream and call, and by a whole upstream', async () => {
    const { cell } = await judging({
      board: { count: 2, faulted: 1 },
      'stats.player': { count: { min: 1, max: 1 }, faulted: 0 },
      stats: { count: 3, faulted: { max: 1 } },
    });
    expect(gotOf(cell)).to.deep.equal([]);
    expect(cell.verdict).to.equal('passed');
  });

  it('says which count did not hold, and what it was', async () => {
    const { cell } = await judging({
      stats: { count: 2, faulted: { min: 2 } },
      'stats.board': { count: { max: 1 } },
    });
    expect(gotOf(cell)).to.deep.equal([
      { pointer: 'calls of stats', expected: 2, got: 3 },
      { pointer: 'faulted calls of stats', expected: { min: 2 }, got: 1 },
      { pointer: 'calls of stats.board', expected: { max: 1 }, got: 2 },
    ]);
  });

  it('names what there is', async () => {
    const found = await wrong('expect:\n  upstream:\n    stats.bord: { count: 1 }');
    expect(found).to.deep.equal([
      's.yaml:6:5: unknown upstream or call "stats.bord", did you mean "stats.board"?',
    ]);
  });
});

describe('the expectation headers', () => {
  const headers = { 'X-Tags': 'a, b', 'X-Count': '12' };
  const judged = (expected: object) =>
    run({
      service: async () => ({ body: {}, headers }),
      scenario: {
        use: ['./system.yaml'],
        faults: [{ on: 'stats', inject: 'refuse' }],
        steps: [{ get: '/', expect: { headers: expected } }],
      },
    });

  it('takes every matcher', async () => {
    const { cell } = await judged({
      'x-tags': { contains: 'b', type: 'string', length: 4, schema: { pattern: ',' } },
      'X-Count': { equals: '12' },
      gone: { absent: true },
    });
    expect(gotOf(cell)).to.deep.equal([]);
  });

  it('says which of them did not hold', async () => {
    const { cell } = await judged({
      'x-tags': { contains: 'c', length: 3, absent: true },
      'X-Count': 12,
    });
    expect(gotOf(cell)).to.deep.equal([
      { pointer: 'header x-tags', expected: { contains: 'c' }, got: 'a, b' },
      { pointer: 'header x-tags', expected: { length: 3 }, got: 'a, b' },
      { pointer: 'header x-tags', expected: { absent: true }, got: 'a, b' },
      { pointer: 'header x-count', expected: 12, got: '12' },
    ]);
  });
});

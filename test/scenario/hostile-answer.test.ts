import { expect } from 'chai';
import { BROKEN_BOARD, run } from './run-files.ts';
import { rightPage, twisted, type Behaviour } from './service.ts';

/** A board that is right until its call fails. */
const brokenBy = (twist: (page: object) => unknown): Behaviour =>
  twisted((page) => (page.board.error ? twist(page) : page));

describe('an answer under a fault', () => {
  it('that differs in a hundred thousand places is told of as far as anyone reads', async () => {
    const more = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
    const { cell } = await run({
      scenario: BROKEN_BOARD,
      service: brokenBy((page) => ({ ...page, more: Object.values(more), ...more })),
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.failures).to.have.length(101);
    expect(cell.failures.at(-1)).to.deep.include({ pointer: 'others', expected: 'none' });
    expect(cell.failures.at(-1)?.got).to.match(/^9\d\d more places that differ$/);
  });

  it('of megabytes is kept as an excerpt', async () => {
    const { result, cell } = await run({
      scenario: BROKEN_BOARD,
      service: brokenBy((page) => ({ ...page, title: 'x'.repeat(5_000_000) })),
    });
    expect(cell.verdict).to.equal('failed');
    expect(String(cell.failures[0]?.got)).to.match(/^x{10000}… \(4990000 more characters\)$/);
    expect(JSON.stringify(result).length).to.be.below(100_000);
  });

  it('is no JSON to judge where it is nested without end', async () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { cell } = await run({
      service: async (visit) => ({ body: visit.path === '/deep' ? deep : await rightPage(visit) }),
      scenario: {
        ...BROKEN_BOARD,
        steps: [
          { send: 'page' },
          { get: '/deep', expect: { status: 200, body: { '': { type: 'object' } } } },
        ],
      },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.failures.map(({ got }) => got)).to.deep.equal([
      'JSON that is nested more than 1000 deep',
    ]);
  });

  it('cannot be captured into a request of many megabytes', async () => {
    const { cell } = await run({
      service: async (visit) =>
        visit.path === '/long'
          ? { body: { x: 'x'.repeat(600_000) } }
          : { body: await rightPage(visit) },
      scenario: {
        ...BROKEN_BOARD,
        steps: [
          { get: '/long', capture: { x: '/x' }, expect: { status: 200 } },
          { get: '/a${x}${x}', expect: { status: 200 } },
        ],
      },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.failures[0]).to.deep.include({
      pointer: 'get',
      expected: 'a request of at most 1 MB',
      got: 'with ${x} put in, too large',
    });
  });
});

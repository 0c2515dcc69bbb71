import { expect } from 'chai';
import { BROKEN_BOARD, run } from './run-files.ts';
import { BOARD, rightPage, twisted, type Behaviour } from './service.ts';
import { failuresOf, passes } from './judged.ts';

describe('a service whose board is lost', () => {
  it('passes when the board is empty and flagged and all else is as when healthy', async () => {
    const cell = await passes({ scenario: BROKEN_BOARD });
    expect(cell.recoveryMs).to.be.a('number');
    expect(cell.curl).to.equal('curl -i "$SERVICE"/page');
    expect(cell.replay).to.match(/^brownout run \S+scenario\.yaml --id lost-board --seed seed$/);
    expect(cell.exchanges.map(({ call, status }) => ({ call, status }))).to.have.deep.members([
      { call: 'board', status: 503 },
      { call: 'player', status: 200 },
    ]);
  });

  const wrong: Record<
    string,
    [Behaviour, ...{ pointer: string; expected: unknown; got: unknown }[]]
  > = {
    'leaves the flag out': [
      twisted(({ board, ...page }) => ({
        ...page,
        board: board.error === true ? { data: board.data } : board,
      })),
      { pointer: '/board/error', expected: true, got: undefined },
    ],
    'writes the flag as text': [
      twisted(({ board, ...page }) => ({
        ...page,
        board: { ...board, error: board.error === true ? 'true' : false },
      })),
      { pointer: '/board/error', expected: true, got: 'true' },
    ],
    'writes the flag as a number': [
      twisted(({ board, ...page }) => ({
        ...page,
        board: { ...board, error: board.error === true ? 1 : false },
      })),
      { pointer: '/board/error', expected: true, got: 1 },
    ],
    'flags the healthy call too': [
      twisted((page) => ({ ...page, player: { ...page.player, error: page.board.error } })),
      { pointer: '/player/error', expected: false, got: true },
    ],
    'drops the flag of the healthy call': [
      twisted((page) => ({
        ...page,
        player: page.board.error === true ? { data: page.player.data } : page.player,
      })),
      { pointer: '/player/error', expected: false, got: undefined },
    ],
    'flags the other call instead': [
      twisted((page) => ({
        ...page,
        board: { ...page.board, error: false },
        player: { ...page.player, error: page.board.error },
      })),
      { pointer: '/board/error', expected: true, got: false },
      { pointer: '/player/error', expected: false, got: true },
    ],
    'gives null for the empty list': [
      twisted((page) => ({
        ...page,
        board: page.board.error === true ? { data: null, error: true } : page.board,
      })),
      { pointer: '/board/data', expected: [], got: null },
    ],
    'gives an empty object for the empty list': [
      twisted((page) => ({
        ...page,
        board: page.board.error === true ? { data: {}, error: true } : page.board,
      })),
      { pointer: '/board/data', expected: [], got: {} },
    ],
    'leaves the data out': [
      twisted((page) => ({
        ...page,
        board: page.board.error === true ? { error: true } : page.board,
      })),
      { pointer: '/board/data', expected: [], got: undefined },
    ],
    'shows stale data': [
      twisted((page) => ({ ...page, board: { ...page.board, data: BOARD } })),
      { pointer: '/board/data', expected: [], got: BOARD },
    ],
    'changes the healthy call’s data': [
      twisted((page) => ({
        ...page,
        player: page.board.error === true ? { data: { plays: '4' }, error: false } : page.player,
      })),
      { pointer: '/player/data/plays', expected: 4, got: '4' },
    ],
    'empties the healthy call’s data': [
      twisted((page) => ({
        ...page,
        player: page.board.error === true ? { data: {}, error: false } : page.player,
      })),
      { pointer: '/player/data/plays', expected: 4, got: undefined },
    ],
    'changes another part of the body': [
      twisted((page) => ({ ...page, title: page.board.error === true ? 'Error' : page.title })),
      { pointer: '/title', expected: 'Chess', got: 'Error' },
    ],
    'adds a field': [
      twisted((page) => (page.board.error === true ? { ...page, note: null } : page)),
      { pointer: '/note', expected: undefined, got: null },
    ],
    'adds a field that objects inherit': [
      twisted((page) => (page.board.error === true ? { ...page, toString: 'x' } : page)),
      { pointer: '/toString', expected: undefined, got: 'x' },
    ],
    'adds __proto__': [
      async (visit) => {
        const text = JSON.stringify(await rightPage(visit));
        const broken = text.includes('"degraded":true');
        return { body: broken ? text.replace('{', '{"__proto__":1,') : text };
      },
      { pointer: '/__proto__', expected: undefined, got: 1 },
    ],
    'does not raise the overall flag': [
      twisted((page) => ({ ...page, degraded: false })),
      { pointer: '/degraded', expected: true, got: false },
    ],
    'answers 500': [
      async (visit) => {
        const body = await rightPage(visit);
        return { status: body.board.error === true ? 500 : 200, body };
      },
      { pointer: 'status', expected: 200, got: 500 },
    ],
    'answers 206': [
      async (visit) => {
        const body = await rightPage(visit);
        return { status: body.board.error === true ? 206 : 200, body };
      },
      { pointer: 'status', expected: 200, got: 206 },
    ],
  };
  for (const [what, [service, ...failures]] of Object.entries(wrong)) {
    it(`fails when it ${what}`, async () => {
      expect(await failuresOf({ service, scenario: BROKEN_BOARD })).to.deep.equal(failures);
    });
  }

  it('says where the expectation stands and what was expected and got', async () => {
    const { cell, result } = await run({
      service: twisted((page) => ({ ...page, degraded: false })),
      scenario: { ...BROKEN_BOARD, expect: { degraded: 'exact' } },
    });
    expect(cell.reason).to.equal('/degraded: expected true, got false');
    expect(cell.failures[0]?.at).to.match(/scenario\.yaml:11:3$/);
    expect(result).to.include({ verdict: 'failed', exit: 1 });
  });
});

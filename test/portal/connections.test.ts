import { expect } from 'chai';
import type { Socket } from 'node:net';
import { until, type PortalUnderTest } from './portal-under-test.ts';
import { RAW_BOARD, rawResponse, withRawStats } from './raw-stats.ts';
import { NAMED_BOARD, STATS } from './stub-stats.ts';

const FORGED = rawResponse('[{"user_id": "forged", "score": 1000000}]');

describe('portal: a connection that is kept for the next call', () => {
  for (const [what, bytes] of [
    ['a second answer', FORGED],
    ['half of a second answer', FORGED.slice(0, 40)],
    ['a line', '\r\n'],
    ['a byte', ' '],
  ] as const) {
    it(`is given up when ${what} comes that nobody asked for (row 17)`, () =>
      withRawStats(async (stats, portal) => {
        const sent: Socket[] = [];
        stats.board = (socket) => socket.write(rawResponse(RAW_BOARD), () => sent.push(socket));
        expect(await ask(portal, 'leaderboard')).to.deep.equal(WELL);
        await until(() => sent.length === 1);
        sent[0]?.write(bytes);
        await until(() => stats.open() === 0);
        expect(await ask(portal, 'stats')).to.deep.equal(WELL_STATS);
        expect(stats.sockets).to.have.length(2);
      }));
  }

  for (const [what, bytes] of [
    ['twice', rawResponse(RAW_BOARD) + FORGED],
    ['with a line after it', `${rawResponse(RAW_BOARD)}\r\n`],
    ['with bytes after it', `${rawResponse(RAW_BOARD)}\x00\x01`],
  ] as const) {
    it(`gives the next call nothing of an answer that came ${what}, in one piece`, () =>
      withRawStats(async (stats, portal) => {
        stats.board = (socket) => socket.write(bytes);
        for (let i = 0; i < 3; i++) {
          const board = await ask(portal, 'leaderboard');
          expect(board.data).to.deep.equal(board.error ? [] : NAMED_BOARD);
          expect(await ask(portal, 'stats')).to.deep.equal(WELL_STATS);
        }
      }));
  }

  it('is given up when the answer was longer than it said', () =>
    withRawStats(async (stats, portal) => {
      stats.board = (socket) => socket.write(rawResponse(RAW_BOARD, RAW_BOARD.length - 5));
      expect((await ask(portal, 'leaderboard')).reason).to.equal('invalid_response');
      await until(() => stats.open() === 0);
      expect(await ask(portal, 'stats')).to.deep.equal(WELL_STATS);
    }));

  it('is given up when the answer is larger than it may be (row 22)', () =>
    withRawStats(async (stats, portal) => {
      stats.board = (socket) => socket.write(rawResponse(`"${'a'.repeat(2 * 1024 * 1024)}"`));
      expect((await ask(portal, 'leaderboard')).reason).to.equal('invalid_response');
      await until(() => stats.open() === 0);
      expect(await ask(portal, 'stats')).to.deep.equal(WELL_STATS);
    }));

  it('serves on after an answer that was wrong in a healthy framing', () =>
    withRawStats(async (stats, portal) => {
      stats.board = (socket) => socket.write(rawResponse('no JSON'));
      expect((await ask(portal, 'leaderboard')).reason).to.equal('invalid_response');
      expect(await ask(portal, 'stats')).to.deep.equal(WELL_STATS);
      expect(stats.sockets).to.have.length(1);
    }));
});

async function ask(portal: PortalUnderTest, part: 'leaderboard' | 'stats') {
  return (await portal.getAsAda(`/games/v2/${part}/exrps`)).body;
}

const WELL = { data: NAMED_BOARD, error: false };
const WELL_STATS = { data: STATS, error: false };

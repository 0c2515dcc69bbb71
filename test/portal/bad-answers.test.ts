import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { flagged, onlyTheBoardIsFlagged, usePortal } from './use-portal.ts';
import { PAGE, until } from './portal-under-test.ts';
import { ADA, BOARD, json, NAMED_BOARD, raw, STATS, text } from './stub-stats.ts';

const HTML = '<!doctype html><title>Error</title>';
const ENOUGH = 50_000_000;

describe('portal: when the stats service answers badly', () => {
  const system = usePortal();

  it('V10: a 200 with HTML is flagged invalid_response (row 17)', async () => {
    system.stub.board = text(HTML);
    await onlyTheBoardIsFlagged(system, 'invalid_response');
    expect(system.stub.boardCalls()).to.equal(1);
  });

  for (const [what, body] of [
    ['an empty body', ''],
    ['truncated JSON', '[{"user_id": "a", "sco'],
    ['text that is not UTF-8', Buffer.from('[{"user_id":"\xff","score":1}]', 'latin1')],
  ] as const) {
    it(`V11: ${what} is flagged invalid_response (row 17)`, async () => {
      system.stub.board = text(body);
      await onlyTheBoardIsFlagged(system, 'invalid_response');
    });
  }

  it('V11: a 204 is flagged invalid_response (row 17)', async () => {
    system.stub.board = text('', 204);
    await onlyTheBoardIsFlagged(system, 'invalid_response');
  });

  it('a 206 with a valid body is flagged: nobody asked for a part', async () => {
    system.stub.board = text(JSON.stringify(BOARD), 206, { 'Content-Range': 'bytes 0-99/200' });
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ ...flagged([], 'bad_status'), retryable: false });
  });

  it('V12: a body shorter than its Content-Length is flagged unreachable (row 17)', async () => {
    system.stub.board = raw(
      'HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n[{"user_id": "a", "score": 1}]',
    );
    await onlyTheBoardIsFlagged(system, 'unreachable');
  });

  it('V12: a chunked body without its end is flagged unreachable (row 17)', async () => {
    system.stub.board = raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n');
    await onlyTheBoardIsFlagged(system, 'unreachable');
  });

  it('V12: a reset in the middle of a body is flagged unreachable (row 17)', async () => {
    system.stub.board = ({ response, socket }) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('[', () => socket.resetAndDestroy());
    };
    await onlyTheBoardIsFlagged(system, 'unreachable');
  });

  it('V12: bytes that are not HTTP are flagged invalid_response (row 17)', async () => {
    system.stub.board = raw('lorem ipsum\r\n\r\n');
    await onlyTheBoardIsFlagged(system, 'invalid_response');
  });

  it('V12: a chunk without a size is flagged', async () => {
    system.stub.board = raw(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n[]\r\n0\r\n\r\n',
    );
    const { status, body } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.leaderboard.error).to.equal(true);
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
  });

  for (const document of [{}, null, 'text', 7, [1, null, 'x'], [{ user_id: 5, score: 'x' }]]) {
    it(`V13: ${JSON.stringify(document)} is no board (row 17)`, async () => {
      system.stub.board = json(document);
      await onlyTheBoardIsFlagged(system, 'invalid_response');
    });
  }

  for (const document of [[], null, 'text', { games: 4 }, { games: { wins: '1' } }, [STATS]]) {
    it(`V13: ${JSON.stringify(document)} are no stats (row 17)`, async () => {
      system.stub.stats = json(document);
      const { body } = await system.portal.getAsAda(PAGE);
      expect(body.player_stats).to.deep.equal(flagged({}, 'invalid_response'));
      expect(body.leaderboard.error).to.equal(false);
    });
  }

  it('V13: an empty board and empty stats of a healthy service are not flagged (row 9)', async () => {
    system.stub.board = json([]);
    system.stub.stats = json({});
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: [], error: false });
    expect(body.player_stats).to.deep.equal({ data: {}, error: false });
    expect(body.degraded).to.equal(false);
  });

  it('V14: one bad row costs only itself, and one line in the log (row 18)', async () => {
    system.stub.board = json([BOARD[0], { user_id: 'x' }, null, BOARD[1]]);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.degraded).to.equal(false);
    expect(system.portal.log).to.have.length(1);
    expect(system.portal.log[0]).to.include({ level: 'warn', call: 'leaderboard', dropped: 2 });
  });

  it('V14: a player without an account is an Unknown User, with one warning (row 24)', async () => {
    system.stub.board = json([
      { user_id: 'user13', score: 9 },
      ...BOARD,
      { user_id: 'y', score: 0 },
    ]);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard.error).to.equal(false);
    const names = body.leaderboard.data.map((row: { username: string }) => row.username);
    expect(names).to.deep.equal(['Unknown User', 'ada', 'grace', 'Unknown User']);
    expect(system.portal.log).to.have.length(1);
    expect(system.portal.log[0]).to.include({ level: 'warn', unknown: 2 });
  });

  it('V16: a redirect to another host is flagged and not followed (row 22)', async () => {
    let visited = 0;
    const other = createServer((_, response) => {
      visited += 1;
      response.end(JSON.stringify(BOARD));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    system.stub.board = text('', 302, { Location: `http://127.0.0.1:${port}/` });
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ ...flagged([], 'bad_status'), retryable: false });
    expect(visited).to.equal(0);
    await new Promise((resolve) => other.close(resolve));
  });

  it('V17: an endless body is cut off at the limit and its connection closed (row 22)', async () => {
    let sent = 0;
    let gone = false;
    system.stub.board = ({ response }) => {
      response.writeHead(200);
      response.on('close', () => (gone = true));
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const more = (): void => {
        sent += chunk.length;
        if (sent > ENOUGH) response.end();
        else response.write(chunk, more);
      };
      more();
    };
    await onlyTheBoardIsFlagged(system, 'invalid_response');
    await until(() => gone);
    expect(sent).to.be.below(ENOUGH);
  });

  it('V18: bad gzip is flagged invalid_response (row 17)', async () => {
    system.stub.board = text('this is not gzip', 200, { 'Content-Encoding': 'gzip' });
    await onlyTheBoardIsFlagged(system, 'invalid_response');
  });

  it('V24: a board of fourteen rows is a top ten (row 25)', async () => {
    const rows = Array.from({ length: 14 }, (_, i) => ({ user_id: ADA, score: 14 - i }));
    system.stub.board = json(rows);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard.data).to.have.length(10);
    expect(body.leaderboard.data[9].score).to.equal(5);
  });

  it('V25: JSON is read whatever its Content-Type (row 19)', async () => {
    system.stub.board = text(JSON.stringify(BOARD), 200, { 'Content-Type': 'image/png' });
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
  });
});

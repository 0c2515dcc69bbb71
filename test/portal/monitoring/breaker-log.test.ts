import { expect } from 'chai';
import { PAGE, until } from '../portal-under-test.ts';
import { BOARD, json, text } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';
import { times } from './watched-portal.ts';

describe('portal: breakers in the log', () => {
  const system = usePortal({ ATTEMPTS: '1', BREAKER_OPEN: '20ms' });

  const lines = () =>
    system.portal.log
      .filter((line) => line['breaker'] !== undefined)
      .map(({ level, msg }) => `${level}: ${String(msg)}`);
  const opened = 'warn: The breaker of stats leaderboard has opened: it is not called for a while';
  const closed = 'info: The breaker of stats leaderboard has closed: it is called again';

  it('one that opens is told once, however many probes fail, and so is its end', async () => {
    const { portal, stub } = system;
    stub.board = text('', 500);
    await times(10, () => portal.get(PAGE));
    expect(lines()).to.deep.equal([opened]);
    const calls = () => stub.boardCalls();
    // Two probes that fail: it has opened again, and again.
    await until(async () => {
      await portal.get(PAGE);
      return calls() >= 12;
    });
    expect(lines()).to.deep.equal([opened]);
    stub.board = json(BOARD);
    await until(async () => !(await portal.get(PAGE)).body.degraded);
    expect(lines()).to.deep.equal([opened, closed]);
    stub.board = text('', 500);
    await until(async () => {
      await portal.get(PAGE);
      return lines().length === 3;
    });
    expect(lines()).to.deep.equal([opened, closed, opened]);
  });
});

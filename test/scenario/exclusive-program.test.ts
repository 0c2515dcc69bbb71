import { expect } from 'chai';
import { givePort } from '../../src/system/port.ts';
import { isolations, verdicts } from './run-on.ts';
import { runProgram } from './run-program.ts';

/** It tells by its upstream which process it is. */
const COUNTS = 'global.lost = (global.lost ?? 0) + 1; if (global.lost > 1) process.exit(3)';

describe('a program that cells take turns on', () => {
  it('is the same for all of them, where the system file asks for that', async () => {
    const result = await runProgram(COUNTS, {}, { isolation: 'exclusive' });
    expect(isolations(result)).to.deep.equal(both('exclusive'));
    // The second failure that one process sees is its last.
    expect(verdicts(result)).to.deep.equal({
      'lost-board[1]': 'passed',
      'lost-board[2]': 'failed',
    });
    expect(result.cells[1]?.reason).to.match(
      /^the service died under a fault: .* ended with code 3/,
    );
    const alone = await runProgram(COUNTS);
    expect(verdicts(alone)).to.deep.equal(both('passed'));
  });

  it('is started anew for the next one when it has died', async () => {
    const result = await runProgram('process.exit(3)', {}, { isolation: 'exclusive' });
    expect(verdicts(result)).to.deep.equal(both('failed'));
    for (const { reason } of result.cells)
      expect(reason).to.match(/^the service died under a fault/);
  });

  it('is what is left where its upstream has one address', async () => {
    const given = await givePort();
    const result = await runProgram('', {}, { listen: given.port });
    given.giveBack();
    expect(verdicts(result)).to.deep.equal(both('passed'));
    expect(isolations(result)).to.deep.equal(both('exclusive'));
  });
});

function both(what: string): Record<string, string> {
  return { 'lost-board[1]': what, 'lost-board[2]': what };
}

import { expect } from 'chai';
import { runProgram } from './run-program.ts';

describe('a program as the system under test', () => {
  it('passes when it degrades right', async () => {
    const { cells } = await runProgram('');
    expect(cells.map(({ verdict, reason }) => reason ?? verdict)).to.deep.equal([
      'passed',
      'passed',
    ]);
  });

  it('is failed when it dies under a fault, with its last words', async () => {
    const { cells, exit } = await runProgram(`console.error('lost the board'); process.exit(9)`);
    for (const { verdict, reason } of cells) {
      expect(verdict).to.equal('failed');
      expect(reason).to.match(
        /^the service died under a fault: .* ended with code 9\nlost the board$/,
      );
    }
    expect(exit).to.equal(1);
  });

  it('is failed for its death, not for what came of it, where nothing is asked of it afterwards', async () => {
    const { cells } = await runProgram(`console.error('lost the board'); process.exit(9)`, {
      use: ['./system.yaml'],
      steps: [{ get: '/', expect: { status: 200 } }],
    });
    for (const { verdict, reason } of cells) {
      expect(verdict).to.equal('failed');
      expect(reason).to.match(/^the service died under a fault: .* ended with code 9\n/);
    }
  });

  it('is broken with its log when it does not start', async () => {
    const { cells, exit } = await runProgram(`} ; throw new Error('no database'); {`).catch(
      (error: Error) => expect.fail(error.message),
    );
    expect(cells[0]?.verdict).to.equal('broken');
    expect(cells[0]?.reason).to.match(/^the service did not start: .* ended with code 1\n/);
    expect(exit).to.equal(4);
  });
});

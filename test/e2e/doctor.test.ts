import { expect } from 'chai';
import { CHECKS } from '../../src/doctor/catalogue.ts';
import type { Examined } from '../../src/doctor/examine.ts';
import { brownout, type Finished } from '../helpers/cli.ts';

interface Report {
  readonly version: number;
  readonly exit: number;
  readonly checks: readonly Examined[];
}

describe('brownout doctor', () => {
  it('proves on this machine what a fault is, a line each within 80 columns', async () => {
    const { code, stdout, stderr } = await brownout(['doctor']);
    expect([code, stderr], stdout).to.deep.equal([0, '']);
    for (const { name } of CHECKS.filter(({ needs }) => needs === 'machine'))
      expect(stdout).to.match(new RegExp(`^  ${name} +(holds|not needed) +\\S`, 'm'));
    expect(stdout).to.match(/ refuse +holds +ECONNREFUSED after [\d.]+ ms; RST on what was open/);
    expect(stdout).to.match(/\nAll that is needed holds\.\n$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    expect(stdout).to.not.include('\u001b');
  });

  it('says the same in colour', async () => {
    const { stdout } = await brownout(['doctor', '--color']);
    expect(stdout).to.include('\u001b[32mholds\u001b[39m');
  });

  it('says the same as JSON', async () => {
    const finished = await brownout(['doctor', '--json']);
    const { version, exit, checks } = reportOf(finished);
    expect({ version, exit }).to.deep.equal({ version: 1, exit: finished.code });
    expect(checks.map(({ name }) => name)).to.include.members(['refuse', 'reset', 'close', 'hang']);
    for (const one of checks) {
      expect(one).to.include.keys('needs', 'proves', 'verdict', 'seen', 'durationMs');
    }
  });

  it('ends with 4 where something does not hold, and says what to do', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { code, stdout } = await brownout(['doctor'], { env });
    expect(code).to.equal(4);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).to.include(
      'needed: a certificate of the run is taken by who trusts its authority',
    );
    expect(text).to.include('-> NODE_TLS_REJECT_UNAUTHORIZED=0 makes every program of Node');
    expect(text).to.match(/What does not hold: tls\. $/);
  });

  it('ends with 2 for a wrong flag, with a suggestion', async () => {
    const { code, stderr } = await brownout(['doctor', '--jsn']);
    expect(stderr).to.include('--json');
    expect(code).to.equal(2);
  });
});

function reportOf({ stdout }: Finished): Report {
  return JSON.parse(stdout) as Report;
}

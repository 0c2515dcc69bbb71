import { expect } from 'chai';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { startProxy, upstream } from './use-proxy.ts';
import { FORGETFUL, isAlive } from './use-up.ts';

describe('brownout send, with nothing up', () => {
  it('starts the system for the request, and ends it', async () => {
    using at = folder(FORGETFUL);
    await using other = await upstream();
    await using proxy = await startProxy(['--upstream', `api=${other.url}`]);
    const { code, stdout, stderr } = await brownout(['send', '--fault', 'leaderboard=reset'], {
      cwd: at.path,
      env: { BROWNOUT_CONTROL: proxy.urls['control'] ?? '' },
    });
    expect(stderr).to.equal(
      `${proxy.urls['control']} runs no service, as "brownout up" would: starting one for this\n`,
    );
    expect(stdout).to.include('on a service that was started for it');
    expect(stdout).to.include('✓ passed: as the contract says (board)');
    expect(code).to.equal(0);
    expect(isAlive(at)).to.equal(false);
  });

  it('is broken where the service is not well before any fault', async () => {
    using at = folder({
      ...FORGETFUL,
      'contracts/board.yaml': `${FORGETFUL['contracts/board.yaml']}overall: { flag: /degraded }\n`,
    });
    const { code, stdout } = await brownout(
      ['send', '--system', 'system.yaml', '--fault', 'stats=hang'],
      { cwd: at.path },
    );
    expect(stdout).to.include('! broken: nothing is proved (board)');
    expect(stdout).to.include('  it was not well before anything was broken');
    expect(stdout).to.include('  expected degraded false, got nothing\n');
    expect(code).to.equal(4);
    expect(isAlive(at)).to.equal(false);
  });

  it('says where it was told to find it, and did not', async () => {
    using at = folder(FORGETFUL);
    const { code, stderr } = await brownout(['send', '--control', '1'], { cwd: at.path });
    expect(stderr).to.match(/^error: no control API of brownout answers at http:\/\/127.0.0.1:1: /);
    expect(code).to.equal(7);
  });
});

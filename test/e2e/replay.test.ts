import { expect } from 'chai';
import { brownout } from '../helpers/cli.ts';

describe('brownout replay', () => {
  const SYSTEM = ['--system', 'scenarios/portal/system.yaml', '--seed', '3'];

  it('repeats an execution by its address, to the verdict', async () => {
    const address = 'open-game~leaderboard=malformed-json+player-stats=status:503';
    const { code, stdout } = await brownout(['replay', address, ...SYSTEM]);
    expect(stdout).to.include(`✓ ${address}\n`);
    expect(stdout).to.match(/stats\.leaderboard .*→ 200 .*\n {4}injected malformed-json/);
    expect(stdout).to.include('\n1 passed\n');
    expect(code).to.equal(0);
  });

  it('says by which command it is repeated once more, where it failed', async () => {
    const system = ['--system', 'scenarios/portal/unprotected.yaml', '--seed', '3'];
    const address = 'open-game~leaderboard=status:500';
    const { code, stdout } = await brownout(['replay', address, ...system]);
    expect(stdout).to.include('expected status 200, got 500');
    expect(stdout).to.include(
      "again    brownout replay 'open-game~leaderboard=status:500' --system scenarios/portal/unprotected.yaml --seed 3\n",
    );
    expect(code).to.equal(1);
  });

  const MISTAKES: readonly (readonly [string, string])[] = [
    [
      'open-gam~leaderbord=hang+player-stats=hng',
      'unknown contract "open-gam", did you mean "open-game"?\n"leaderbord=hang": unknown upstream or call "leaderbord", did you mean "leaderboard"?\n"player-stats=hng": unknown fault "hng", did you mean "hang"?',
    ],
    [
      'leaderboard=hang',
      'expected a contract~faults such as open-game~leaderboard=hang, did you mean "open-game~leaderboard=hang"?',
    ],
    [
      'open-game~leaderboard=status:99',
      '"leaderboard=status:99": status code: expected a whole number from 200 to 599, got 99',
    ],
  ];
  for (const [address, message] of MISTAKES) {
    it(`says what is wrong with ${address}`, async () => {
      const { code, stderr } = await brownout(['replay', address, ...SYSTEM]);
      expect(stderr).to.equal(`error: ${message}\n`);
      expect(code).to.equal(2);
    });
  }
});

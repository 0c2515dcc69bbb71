import { expect } from 'chai';
import { BROKEN_BOARD, filesOf, problemsOf, run } from './run-files.ts';

const step = (expect: object) => ({ ...BROKEN_BOARD, steps: [{ get: '/page', expect }] });
const onBoard = (trigger: object) => ({
  faults: [{ on: 'stats.board', inject: { status: 503 }, trigger }],
  expect: { degraded: 'none' },
});

describe('a scenario that judges nothing', () => {
  const refused: Record<string, object> = {
    'expects nothing of a request of its own': { ...BROKEN_BOARD, steps: [{ get: '/page' }] },
    'expects nothing in so many words': step({}),
    'only waits': { ...BROKEN_BOARD, steps: [{ wait: '10ms' }] },
    'expects an empty body': step({ body: {} }),
    'expects empty headers': step({ headers: {} }),
    'expects nothing of the upstreams': step({ upstream: {} }),
    'expects nothing of a call': step({ upstream: { board: {} } }),
    'expects any count of calls': step({ upstream: { board: { count: {} } } }),
  };
  for (const [what, scenario] of Object.entries(refused)) {
    it(`is refused where it ${what}`, async () => {
      const problems = await problemsOf(filesOf(scenario));
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(/^scenario\.yaml:\d+:\d+: .*nothing would be judged/);
    });
  }
});

describe('a fault that never fires', () => {
  const never: Record<string, object> = {
    'has a chance of nothing': onBoard({ probability: 0 }),
    'waits for a request that does not come': onBoard({ nth: 99 }),
    'breaks a call that is not made': {
      faults: [{ on: 'stats.other', inject: { status: 503 } }],
      expect: { degraded: 'none' },
    },
  };
  for (const [what, scenario] of Object.entries(never)) {
    it(`makes no run green where it ${what}`, async () => {
      const { result, cell } = await run({ scenario });
      expect(result).to.include({ verdict: 'inconclusive', exit: 5 });
      expect(cell.reason).to.include('never fired: status on stats');
    });
  }

  it('does not hide a teardown that did not hold', async () => {
    const { cell } = await run({
      scenario: {
        ...onBoard({ nth: 99 }),
        teardown: [{ get: '/page', expect: { status: 404 } }],
      },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.reason).to.match(/^the teardown did not hold: status.*; and never fired: /);
  });
});

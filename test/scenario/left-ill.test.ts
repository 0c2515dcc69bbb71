import { expect } from 'chai';
import { createExclusive } from '../../src/scenario/isolation/exclusive.ts';
import { createRoom } from '../../src/scenario/isolation/room.ts';
import { createRunNames } from '../../src/scenario/isolation/run-names.ts';
import { createRedactor } from '../../src/scenario/run/redact.ts';
import { openSession } from '../../src/scenario/run/session.ts';
import { OWN_SLOT } from '../../src/scenario/run/slots.ts';
import { watchStalls } from '../../src/scenario/run/stall.ts';
import type { SuiteCell } from '../../src/scenario/suite.ts';
import { withOnlyOne } from '../../src/system/only-one.ts';
import { BROKEN_BOARD, load, SCENARIO, SYSTEM } from './run-files.ts';
import { openWorld } from './service.ts';

describe('a cell whose requests are not known when its turn comes', () => {
  it('asks them first when the one before has left the service well', async () => {
    const asking = (path: string) => ({
      ...SCENARIO,
      id: path.slice(1),
      use: ['./system.yaml'],
      ...BROKEN_BOARD,
      steps: [{ get: path, expect: { status: 200 } }],
    });
    const { cells } = await load({
      'system.yaml': SYSTEM,
      'scenario.yaml': asking('/one'),
      'then.yaml': asking('/two'),
    });
    const [one, two] = cells as [SuiteCell, SuiteCell];
    const seen: string[] = [];
    let isIll = false;
    await using world = await openWorld(async ({ path }) => {
      if (isIll) seen.push(path);
      // It is well again when it was asked some times.
      isIll &&= seen.length < 4;
      return { status: isIll ? 500 : 200, body: {} };
    });
    const { signal } = new AbortController();
    using stalls = watchStalls();
    const opened = await world.openSystem();
    await using instance = await opened.start(undefined, signal);
    const system = withOnlyOne({ ...opened, start: () => Promise.resolve(instance) });
    const context = { signal, stalls, redactor: createRedactor() };
    await using session = await openSession(system, one.system, context);
    const exclusive = createExclusive({
      spec: one.system,
      session,
      instance,
      room: createRoom(),
      runOf: createRunNames(),
      signal,
    });
    await exclusive.learn([one]);
    {
      await using _ = await exclusive.offer(one).take(OWN_SLOT);
      isIll = true;
    }
    await using _ = await exclusive.offer(two).take(OWN_SLOT);
    expect(isIll).to.equal(false);
    expect(seen).to.deep.equal(['/one', '/one', '/one', '/one']);
  });
});

import { createInTurn } from '../proxy/in-turn.ts';
import type { SystemSpec } from './spec.ts';
import type { Instance, System } from './system.ts';

/** Whether there can be one instance at a time: it runs already, must be the only one, or is told fixed addresses. */
export function isOnlyOne({ service, isolation, upstreams }: SystemSpec): boolean {
  return (
    'url' in service.start ||
    isolation === 'exclusive' ||
    Object.values(upstreams).some(({ listen }) => listen !== undefined && listen.port !== 0)
  );
}

/** The same system with one instance, which is lent to each that starts it, and started anew when it has died. */
export function withOnlyOne(system: System): System {
  const inTurn = createInTurn();
  let there: Instance | undefined;
  /** It has died, and is put away. */
  let isOver = false;
  const current = () => {
    if (!there) throw new Error('nothing is lent before it is started');
    return there;
  };
  const lent: Instance = {
    get url() {
      return current().url;
    },
    get values() {
      return current().values;
    },
    get died() {
      return current().died;
    },
    get log() {
      return current().log;
    },
    lend: (run) => current().lend(run),
    // It goes on for the others; the system ends it.
    async [Symbol.asyncDispose]() {},
  };
  return {
    control: system.control,
    onlyOne: true,
    start: (run, signal) =>
      inTurn(async () => {
        if (there?.died !== undefined && !isOver) {
          isOver = true;
          await there[Symbol.asyncDispose]();
        }
        // Where it does not start again, the one that died stays: whoever was lent it still asks why that was.
        if (!there || isOver) there = await system.start(run, signal);
        isOver = false;
        there.lend(run);
        return lent;
      }),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}

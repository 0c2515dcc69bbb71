import { showMs, type ServiceCheck } from '../check.ts';
import { openRaw } from '../raw-socket.ts';

export const starts: ServiceCheck = {
  name: 'starts',
  needs: 'service',
  proves: 'the service starts more than once, is ready, lets its identities in, and ends',
  advice:
    'Look at what it logged, and at service (command, cwd, env, ready) and identities in the system file.',
  async run({ session, start, spec, signal }) {
    const since = performance.now();
    const { system } = await session();
    const ready = performance.now();
    const names = Object.keys(spec.identities);
    const as = names.length > 0 ? `, ${names.join(', ')} logged in` : '';
    const seen = `ready in ${showMs(ready - since)}${as}`;
    // Others go on with it.
    if (system.onlyOne) return { verdict: 'holds', seen: `${seen}; there is one for all` };
    // Beside the first: cells run at once.
    const instance = await start();
    const ended = performance.now();
    await instance[Symbol.asyncDispose]();
    const took = performance.now() - ended;
    const { hostname: host, port } = new URL(instance.url);
    using late = openRaw({ host, port: Number(port) }, signal);
    await late.until(({ ends, open }) => open || ends.length > 0, GONE_MS);
    if (late.open) {
      const still = `it still listens on ${host}:${port} after it was told to end`;
      const advice =
        'It may have started another program in a group of its own (a daemon): start it in the foreground.';
      return { verdict: 'fails', seen: still, advice };
    }
    return { verdict: 'holds', seen: `${seen}; gone in ${showMs(took)}` };
  },
};

const GONE_MS = 1000;

import type { Proxy } from '../../proxy/proxy.ts';
import type { Io } from '../io.ts';
import { followEvents, lineShower } from './follow-journal.ts';

/** Shows what happens at a proxy of this process, from now on until `signal` aborts; disposing it waits for that. */
export function liveJournal(
  { proxy }: { readonly proxy: Proxy },
  signal: AbortSignal,
  io: Io,
): AsyncDisposable {
  const events = proxy.control.events(signal);
  const followed = followEvents(events, [], lineShower(proxy.upstreams, io.stdout), {
    call: undefined,
    io,
  });
  return { [Symbol.asyncDispose]: () => followed };
}

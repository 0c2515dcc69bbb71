import type { Proxy } from '../../proxy/proxy.ts';
import type { Redactor } from '../../scenario/run/redact.ts';
import type { Io } from '../io.ts';
import { followEvents, lineShower } from './follow-journal.ts';

/** Shows what happens at a proxy of this process, without secrets, from now on until `signal` aborts; disposing it waits for that. */
export function liveJournal(
  { proxy }: { readonly proxy: Proxy },
  { redact }: Pick<Redactor, 'redact'>,
  signal: AbortSignal,
  io: Io,
): AsyncDisposable {
  const events = proxy.control.events(signal);
  const show = lineShower(proxy.upstreams, io.stdout);
  const followed = followEvents(events, [], (entry) => show(redact(entry)), {
    call: undefined,
    io,
  });
  return { [Symbol.asyncDispose]: () => followed };
}

import type { Problem } from '../../common/errors.ts';
import type { SystemSpec } from '../../system/spec.ts';

/** What a system file asks of how cells are kept apart, and of where upstreams are reached, that its service does not allow. */
export function isolationMistakes({ isolation, service, upstreams }: SystemSpec): Problem[] {
  const problems: Problem[] = [];
  const report = (path: Problem['path'], message: string) =>
    void problems.push({ path, message, atKey: path.length > 1 });
  const runs = 'url' in service.start;
  const all = Object.entries(upstreams);
  const fixed = all.find(([, { listen }]) => listen !== undefined && listen.port !== 0);
  if (isolation === 'baggage' && !service.stateless) report(['isolation'], NEEDS_STATELESS);
  if (isolation === 'instance' && runs) report(['isolation'], RUNS_ALREADY);
  else if (isolation === 'instance' && fixed) report(['upstreams', fixed[0], 'listen'], ONE_PORT);
  if (!runs) return problems;
  for (const [name, { listen, tls }] of all) {
    if (!listen) report(['upstreams', name], NEEDS_LISTEN);
    else if (listen.port === 0) report(['upstreams', name, 'listen'], NEEDS_PORT);
    if (tls) report(['upstreams', name, 'tls'], UNTRUSTED);
  }
  return problems;
}

const RUNS_ALREADY =
  'the service at url runs already, and once: use exclusive, or leave isolation out';
const ONE_PORT =
  'instances of the service cannot all have their upstream at one address: leave listen out, or say isolation: exclusive';
const NEEDS_LISTEN =
  'the service at url runs already and has been told where this upstream is: say that here, as listen: 127.0.0.1:5001, and the real one under target';
const NEEDS_PORT = 'expected the port that the service has been told, such as 127.0.0.1:5001';
const UNTRUSTED =
  'the certificate is made anew for each run, so a service that runs already cannot trust it: leave tls out, or start the service by command';
const NEEDS_STATELESS =
  'baggage lets all cells share one instance, so the service must keep nothing from one request to the next: say stateless: true under service, or use instance';

import { createHash } from 'node:crypto';
import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import type { User } from './accounts/accounts.ts';
import type { LogLevel } from './config.ts';
import { escapeUnprintable, createScrubber, type Scrub } from './monitoring/scrub.ts';
import { loggable } from './monitoring/loggable.ts';
import type { About } from './upstream/ask.ts';

/**
 * The portal's log: a JSON object a line, its level by name. Secrets are taken out, whoever hands them in.
 * @param to standard error unless told otherwise
 * @param secrets what the portal itself must keep to itself
 */
export function createLog(
  level: LogLevel,
  to: DestinationStream = standardError,
  secrets: readonly string[] = [],
): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  const hooks = { logMethod: scrubbing(createScrubber(secrets)), streamWrite: escapeUnprintable };
  // pino's own would find an error again in what is left of one.
  const serializers = { err: (err: unknown) => err };
  return pino({ level, base: null, formatters, hooks, serializers }, to);
}

/** How the log names a user: always the same, and not to be turned back. */
export function hashUser(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12);
}

/** What the log says of a call to another service: a player is named by the hash only, wherever the id stands. */
export function aboutCall(
  path: readonly string[],
  product: string | undefined,
  user: Pick<User, 'id'> | undefined,
): Required<About> {
  const hash = user && hashUser(user.id);
  const named = (text: string) => (hash !== undefined && text === user?.id ? hash : text);
  return {
    path: path.map(named),
    facts: {
      ...(product !== undefined && { product: named(product) }),
      ...(hash !== undefined && { user: hash }),
    },
  };
}

/** Everything that is to be written, before it is: by its names, which pino's `redact` wants listed, and by how it looks, which it does not see. */
function scrubbing(scrub: Scrub) {
  return function (this: Logger, args: unknown[], write: LogFn): void {
    const clean = args.map((arg) => (arg instanceof Error ? { err: arg } : arg));
    write.apply(this, clean.map((arg) => loggable(arg, scrub)) as Parameters<LogFn>);
  };
}

// One for all portals of a process: each destination would hold a descriptor and a listener of its own.
const standardError = pino.destination({ dest: 2, sync: true });

import type { Logger } from 'pino';
import type { Observer } from '../observer.ts';
import { createHider } from '../secrets.ts';
import { urlOf, type Ask } from './ask.ts';
import type { CallFailure } from './failure.ts';
import type { Origin } from './plugs/plug.ts';
import type { ServiceConfig } from './service-config.ts';

export interface Ended {
  readonly attempts: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly said: string | undefined;
  readonly failure: CallFailure | undefined;
}

export type Reporter = (call: string, ask: Ask, origin: Origin, ended: Ended) => void;

/** Tells of each call that has ended: the observer of all, and the log, in one line, of those that failed. */
export function createReporter(config: ServiceConfig, log: Logger, observer: Observer): Reporter {
  const { name: service } = config;

  return (call, ask, { requestId }, ended) => {
    const { attempts, durationMs, status, said, failure } = ended;
    observer.called?.({
      service,
      call,
      outcome: failure ? failure.reason : 'ok',
      ...(status !== undefined && { status }),
      attempts,
      durationMs,
      requestId,
    });
    const level = failure ? levelOf(failure) : 'debug';
    if (!log.isLevelEnabled(level)) return;
    const { path = ask.path, facts } = ask.about?.() ?? {};
    const known = { service, call, ...facts, requestId };
    const url = urlOf(config.baseUrl, { path });
    const numbers = { attempts, durationMs };
    if (!failure) {
      log.debug({ ...known, url, ...numbers }, `The ${call} call answered`);
      return;
    }
    const hide = createHider([...config.keys, ...ask.path.filter((id, i) => id !== path[i])]);
    const { reason } = failure;
    log[level](
      {
        ...known,
        url,
        reason,
        cause: hide(failure.message),
        ...(said !== undefined && { said: hide(said) }),
        ...numbers,
      },
      isAboutUs(failure)
        ? `The ${service} service does not accept the portal itself (${status}): look at its keys`
        : `The ${call} call of the ${service} service failed (${reason})`,
    );
  };
}

function levelOf(failure: CallFailure): 'warn' | 'error' {
  return isAboutUs(failure) ? 'error' : 'warn';
}

/** It is the portal that is not let in: no player can mend that, and it does not pass by itself. */
function isAboutUs({ status }: CallFailure): boolean {
  return status === 401 || status === 403;
}

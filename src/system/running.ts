import { BrownoutError } from '../common/errors.ts';
import type { Service } from './open.ts';
import { untilReady } from './ready.ts';
import type { ServiceSpec } from './spec.ts';

/**
 * Waits for a service that runs already, and that nobody here starts or ends.
 * @throws {BrownoutError} `not_ready`
 */
export async function findRunning(
  { ready }: ServiceSpec,
  url: string,
  signal: AbortSignal,
): Promise<Service> {
  const found = await untilReady([url.replace(/\/+$/, '')], ready, () => false, signal);
  if ('problem' in found) {
    const advice = /CERT|SIGN/.test(found.problem)
      ? 'Name who vouches for its certificate in the environment: NODE_EXTRA_CA_CERTS=ca.pem'
      : 'Start it, or say where it is under service.url, and under service.ready what it answers 2xx to.';
    const message = `the service is not there: ${found.problem}\n${advice}`;
    throw new BrownoutError('not_ready', message);
  }
  return { url: found.url, died: undefined, log: UNSEEN, async [Symbol.asyncDispose]() {} };
}

/** What it logs goes elsewhere. */
const UNSEEN = { lines: [], count: 0, since: () => [] };

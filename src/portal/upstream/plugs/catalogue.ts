import { BrownoutError } from '../../../common/errors.ts';
import { breaker } from './breaker.ts';
import { json } from './json.ts';
import { keyCase } from './key-case.ts';
import { keys } from './keys.ts';
import type { Plug } from './plug.ts';
import { requestId } from './request-id.ts';
import { trace } from './trace.ts';

/** Every plug that comes with the portal. */
export const PLUGS = { breaker, requestId, trace, keys, keyCase, json } as const;

/** What a service has unless its configuration lists others. */
export const DEFAULT_PLUGS: readonly Plug[] = [breaker, requestId, trace, keys, json];

/**
 * Checks the order of a service's plugs.
 * @throws {BrownoutError} `invalid_config` unless the breaker comes first, and only there
 */
export function checkPlugs(service: string, plugs: readonly Plug[]): void {
  const order = plugs.map(({ name }) => name).join(', ') || 'none';
  const places = plugs.flatMap((plug, i) => (plug === breaker ? [i] : []));
  if (places.length === 1 && places[0] === 0) return;
  const message = `the breaker must come first and once among the plugs, to be around all others; they are ${order}`;
  throw new BrownoutError('invalid_config', `service ${service}: ${message}`);
}

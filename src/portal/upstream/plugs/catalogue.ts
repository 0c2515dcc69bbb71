import { BrownoutError } from '../../../common/errors.ts';
import { breaker } from './breaker.ts';
import { json } from './json.ts';
import { keys } from './keys.ts';
import type { Plug } from './plug.ts';
import { requestId } from './request-id.ts';
import { trace } from './trace.ts';

/** What a service has unless its configuration lists others. Of all plugs only `key-case` is not among them. */
export const DEFAULT_PLUGS: readonly Plug[] = [breaker, requestId, trace, keys, json];

/**
 * Checks the order of a service's plugs.
 * @throws {BrownoutError} `invalid_config` unless the breaker comes first, and only there, and each stands before what it has to
 */
export function checkPlugs(service: string, plugs: readonly Plug[]): void {
  const names = plugs.map(({ name }) => name);
  const wrong = (message: string) => {
    const order = names.join(', ') || 'none';
    return new BrownoutError('invalid_config', `service ${service}: plugs: ${message}: ${order}`);
  };
  if (plugs[0] !== breaker || plugs.lastIndexOf(breaker) > 0) {
    throw wrong('the breaker must come first and once, to be around all others');
  }
  for (const [i, { name, before }] of plugs.entries()) {
    const place = before === undefined ? -1 : names.indexOf(before);
    if (place !== -1 && place < i) throw wrong(`${name} must come before ${before}`);
  }
}

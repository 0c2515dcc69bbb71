import { curlOf, quoted, type RequestSpec } from '../../scenario/requests/request.ts';
import type { SendPlan } from './plan.ts';
import type { Under } from './sender.ts';
import type { ToldAnswer } from './told.ts';

/** The request as a command to type; by the front door it brings its faults along, where the service passes them on. */
export function commandFor(
  spec: RequestSpec,
  { request: { as, headers }, address }: SendPlan,
  isolation: ToldAnswer['isolation'],
  { page }: Pick<Under, 'page'>,
): string {
  if (page === undefined) return curlOf(spec);
  const json = spec.body === undefined ? {} : { 'content-type': 'application/json' };
  const identity = as === undefined ? {} : { 'x-brownout-as': as };
  const plan =
    isolation === 'baggage' && address !== null
      ? { baggage: `brownout.plan=${encoded(address)}` }
      : {};
  const own = { ...spec, headers: { ...json, ...headers, ...identity, ...plan } };
  return curlOf(own).replace('"$SERVICE"', quoted(page));
}

/** Only what ends a member of a baggage, or begins an escape. */
function encoded(address: string): string {
  return address.replace(/[%,; "\\]|[^\x21-\x7e]/g, (c) => encodeURIComponent(c));
}

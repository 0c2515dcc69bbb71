import { urlOf } from '../upstream/ask.ts';
import type { Service } from '../upstream/service.ts';
import type { Transport } from '../upstream/transport.ts';

/**
 * A service, asked without any protection: for the twin, on which a scenario can be seen to fail. Whatever it answers is believed, and what
 * `fetch` throws is thrown.
 */
export function unprotectedService(
  name: string,
  baseUrl: string,
  transport: Transport,
): Pick<Service, 'name' | 'call'> {
  return {
    name,
    call: () => async (ask) => {
      const value = await transport.during(async (signal) => {
        const response = await transport.fetch(urlOf(baseUrl, ask), { signal });
        return response.json();
      });
      return { ok: true, value: value as never, attempts: 1, durationMs: 0 };
    },
  };
}

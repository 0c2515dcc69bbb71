import { CallFailure } from '../failure.ts';
import type { Plug } from './plug.ts';

/** Says who the portal is, by a key in a header. Of several keys the next is tried at once when one is limited. */
export const keys: Plug = {
  name: 'keys',
  plugIn({ keys, keyCount, keyHeader, retryAfterMaxMs }) {
    if (!keys) return {};
    return {
      request({ headers }) {
        const key = keys.pick();
        if (key === undefined) {
          const retryAfterMs = keys.shortestWait();
          throw new CallFailure('rate_limited', 'not called: all keys are limited', {
            retryAfterMs,
          });
        }
        headers[keyHeader] = key;
      },
      response(reply, { headers, resent }) {
        // One key alone is as good as none: the policy knows how to leave a service alone.
        if (reply.status !== 429 || keyCount < 2) return undefined;
        const ms = Math.min(reply.retryAfterMs ?? UNTOLD_MS, retryAfterMaxMs);
        keys.limit(String(headers[keyHeader]), ms);
        if (keys.hasFree() && resent + 1 < keyCount) return 'again';
        reply.retryAfterMs = keys.shortestWait();
        return undefined;
      },
    };
  },
};

/** For how long a key is left alone when the service does not say. */
const UNTOLD_MS = 1000;

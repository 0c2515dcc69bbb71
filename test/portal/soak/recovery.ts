import type { Trouble } from './outages.ts';

export type CallName = 'board' | 'stats' | 'gateway';

/** What the flag of each call may be, now that an outage has begun or ended. */
export interface Recovery {
  /** Another outage has begun, or none: what the last one has left behind may still show. */
  begin(): void;
  /** Whether the call was seen to be well since; `saw` tells that it was. */
  isWell(call: CallName): boolean;
  saw(call: CallName): void;
  /** Tells that a request is sent which needs this call; its part is judged when it has come. */
  asked(call: CallName): {
    judge(part: Part, whole: unknown, trouble: Trouble, requestId?: string): void;
  };
}

interface Part {
  readonly data: unknown;
  readonly error: boolean;
  readonly reason?: string;
}

export function createRecovery(): Recovery {
  const well = { board: false, stats: false, gateway: false };
  return {
    begin() {
      well.board = false;
      well.stats = false;
      well.gateway = false;
    },
    isWell: (call) => well[call],
    saw(call) {
      well[call] = true;
    },
    asked(call) {
      // Once a call was seen to be well, no request that is sent later may find it otherwise.
      const mustBeWell = well[call];
      return {
        judge(part, whole, { name, reasons }, requestId = '?') {
          const told = `${call} under ${name}, request ${requestId}: ${JSON.stringify(part)}`;
          if (!part.error) {
            if (reasons.length > 0) throw new Error(`no flag on ${told}`);
            if (JSON.stringify(part.data) !== JSON.stringify(whole))
              throw new Error(`wrong data of ${told}`);
            well[call] = true;
            return;
          }
          if (Object.keys(part.data as object).length > 0)
            throw new Error(`data beside the flag of ${told}`);
          const left = mustBeWell ? [] : LEFT_BEHIND;
          if (
            ![...reasons, ...(reasons.length > 0 ? LEFT_BEHIND : left)].includes(part.reason ?? '')
          ) {
            throw new Error(
              `another flag than expected on ${told}${mustBeWell ? ', after it was well' : ''}`,
            );
          }
        },
      };
    },
  };
}

/** Of an open breaker, and of a limit that asked to be left alone for a while. */
const LEFT_BEHIND = ['circuit_open', 'rate_limited'];

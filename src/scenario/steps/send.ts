import { z } from 'zod';
import { mistakesOf } from '../mistakes.ts';
import { unknownName } from '../named.ts';
import { SENDING } from '../request-step.ts';
import { defineStep, type Sending, type Step } from '../step.ts';
import type { Expect } from '../format/expect.ts';

/** The contract's own request; `degraded: exact` unless it says otherwise. */
export const send = defineStep({
  name: 'send',
  schema: z.strictObject({
    send: z.string().describe('the contract whose request is sent'),
    ...SENDING,
  }),
  read: ({ send, repeat, expect }) => ({
    ...sendContract(expect, repeat),
    mistakes(named) {
      const { contract } = named;
      if (!contract) return [{ path: ['send'], message: 'this scenario uses no contract' }];
      return [
        ...unknownName('contract', send, [contract.contract], ['send']),
        ...mistakesOf(expect, named, true),
      ];
    },
  }),
});

/** What a scenario does that says no steps, too. */
export function sendContract(expect: Expect, repeat = 1): Step & { readonly sends: Sending } {
  const sends: Sending = {
    request: 'of the contract',
    repeat,
    expect: { degraded: 'exact', ...expect },
  };
  return {
    sends,
    mistakes: (named) => mistakesOf(expect, named, true),
    run: (stage) => stage.send(sends),
  };
}

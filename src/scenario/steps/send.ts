import { z } from 'zod';
import { mistakesOf } from '../load/mistakes.ts';
import { unknownName } from '../load/named.ts';
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
  read: ({ send, expect, ...rest }) => ({
    ...sendContract(expect, rest),
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
export function sendContract(
  expect: Expect,
  rest: Pick<Sending, 'repeat' | 'capture'> = { repeat: 1, capture: {} },
): Step {
  const sends: Sending = {
    ...rest,
    request: 'of the contract',
    expect: { degraded: 'exact', ...expect },
  };
  return {
    sends,
    mistakes: (named) => mistakesOf(expect, named, true),
    run: (stage) => stage.send(sends),
  };
}

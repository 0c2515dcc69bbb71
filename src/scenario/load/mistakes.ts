import type { Problem } from '../../common/errors.ts';
import { EXPECTATIONS, type Expect } from '../format/expect.ts';
import type { Named } from '../step.ts';

/** What is wrong with what a step expects, in this system; `ofContract` where its request is the contract's. */
export function mistakesOf(expect: Expect, named: Named, ofContract: boolean): Problem[] {
  return Object.entries(expect).flatMap(([name, wanted]): Problem[] => {
    const expectation = EXPECTATIONS.get(name);
    const found =
      expectation?.needsContract && !ofContract
        ? [
            {
              path: [],
              message: `${name} is judged against a contract: use a "send" step for its request`,
            },
          ]
        : (expectation?.mistakes?.(wanted, { ...named, ofContract }) ?? []);
    return found.map(({ path, ...rest }) => ({ ...rest, path: ['expect', name, ...path] }));
  });
}

import { z } from 'zod';
import { unknownName } from './load/named.ts';
import { defineStep, type Stage, type Step, type StepKind } from './step.ts';

interface Hold {
  readonly name: string;
  /** What the upstream is that the key names. */
  readonly about: string;
  readonly injects?: true;
  readonly act: (stage: Stage, upstream: string) => Promise<void>;
}

/** A step that says the name of an upstream and does something to all of it. */
export function holdStep({ name, about, act, ...rest }: Hold): StepKind<Record<string, string>> {
  return defineStep({
    name,
    schema: z.strictObject({ [name]: z.string().describe(about) }),
    read({ [name]: upstream = '' }): Step {
      return {
        ...rest,
        mistakes: ({ system }) =>
          unknownName('upstream', upstream, Object.keys(system.upstreams), [name]),
        async run(stage) {
          await act(stage, upstream);
          return [];
        },
      };
    },
  });
}

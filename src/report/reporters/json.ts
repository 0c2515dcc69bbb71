import type { Reporter } from '../reporter.ts';

export const json: Reporter = {
  name: 'json',
  summary: 'the whole result as JSON, for programs',
  extension: 'json',
  start: ({ write }) => ({
    on(event) {
      if (event.type === 'run:end') write(`${JSON.stringify(event.result, null, 2)}\n`);
    },
  }),
};

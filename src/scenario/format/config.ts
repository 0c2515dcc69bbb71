import { z } from 'zod';
import { FILE } from './common.ts';

/** What `brownout.yaml` says. */
export const configFile = z.strictObject({
  ...FILE,
  run: z
    .array(z.string().min(1))
    .min(1, 'expected at least one file or folder')
    .describe('the files and folders that run and validate take where they are told none'),
});

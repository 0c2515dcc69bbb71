import type { Router } from '@koa/router';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { BrownoutError, messageOf } from '../../common/errors.ts';
import { validate } from '../../common/validate.ts';
import { readJson } from '../../proxy/control/json-body.ts';
import type { Sender } from '../send/sender.ts';

/**
 * `POST /v1/send`: sends one request to the service, with what is broken for it alone. What is told of it comes as lines
 * of JSON, each when it is known. Whoever leaves ends it.
 */
export function sendRoute({ prepare }: Pick<Sender, 'prepare'>, ended: AbortSignal) {
  return (router: Router): void => {
    router.post('/v1/send', async (ctx) => {
      const work = await prepare(validate(ASKED, await readJson(ctx)));
      const gone = new AbortController();
      ctx.res.once('close', () => gone.abort());
      const lines = new PassThrough();
      const write = (line: object) => void lines.write(`${JSON.stringify(line)}\n`);
      ctx.type = 'application/x-ndjson';
      ctx.body = lines;
      void work(write, AbortSignal.any([gone.signal, ended]))
        .catch((error: unknown) => {
          const code = error instanceof BrownoutError ? error.code : undefined;
          write({ type: 'error', code, message: messageOf(error) });
        })
        .finally(() => lines.end());
    });
  };
}

const TEXTS = z.array(z.string()).max(100);

const ASKED = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'expected a method such as GET')
    .optional(),
  path: z
    .string()
    .regex(/^\/\S*$/, 'expected a path such as /health')
    .optional(),
  as: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  json: z.unknown().optional(),
  contract: z.string().optional(),
  faults: TEXTS.optional(),
  presets: TEXTS.optional(),
  entry: z.int().optional(),
});

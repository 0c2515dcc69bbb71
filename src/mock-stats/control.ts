import { Router } from '@koa/router';
import { METHODS, type RequestListener } from 'node:http';
import Koa, { type Context, type Next } from 'koa';
import { InvalidError, messageOf } from '../common/errors.ts';
import { pointerTo } from '../common/json-pointer.ts';
import type { Answers } from './answers.ts';
import type { CallLog } from './calls.ts';
import type { StatsEvent } from './events.ts';
import { readJson } from './json-body.ts';
import { loopbackOnly } from './loopback-only.ts';
import { serve } from './serve.ts';

/** What a test can ask of the mock while it runs, in-process or through the control routes. */
export interface StatsControl {
  calls(): CallLog;
  clearCalls(): void;
  /** The fixed answers in force. */
  answers(): Answers;
  /** Puts these fixed answers in the place of all others. @throws {InvalidError} and changes nothing */
  setAnswers(answers: Answers): void;
  /** Back to the fixed answers that the data gives. */
  resetAnswers(): void;
  /** Records all of the events and says how many. @throws {InvalidError} and records none */
  recordEvents(events: StatsEvent | readonly StatsEvent[]): number;
}

/** The control routes. An error's body is `{error, status}`, with `path` (a JSON pointer into the body) where a body is wrong. */
export function createControl(
  control: StatsControl,
  onDefect: (error: unknown) => void,
): RequestListener {
  // All methods are known to it, so that every wrong one is a 405: the router would call the rarer ones a 501.
  const router = new Router({ methods: METHODS });
  router.get('/calls', (context) => {
    context.body = control.calls();
  });
  router.delete('/calls', (context) => {
    control.clearCalls();
    context.status = 204;
  });
  router.put('/answers', async (context) => {
    control.setAnswers((await readJson(context)) as Answers);
    context.body = { answers: control.answers() };
  });
  router.delete('/answers', (context) => {
    control.resetAnswers();
    context.status = 204;
  });
  router.post('/events', async (context) => {
    context.body = { recorded: control.recordEvents((await readJson(context)) as StatsEvent[]) };
  });
  const app = new Koa();
  app.use((context, next) => asJson(context, next, onDefect));
  app.use(loopbackOnly);
  app.use(router.routes());
  app.use(router.allowedMethods());
  return serve(app);
}

async function asJson(
  context: Context,
  next: Next,
  onDefect: (error: unknown) => void,
): Promise<void> {
  try {
    await next();
    const { status, method, path } = context;
    if (status === 404) context.throw(404, `there is no ${path} here`);
    if (status === 405) refuse(context, { error: `${path} does not take ${method}`, status });
  } catch (thrown) {
    const body = errorBody(thrown);
    context.set((thrown as { headers?: Record<string, string> }).headers ?? {});
    refuse(context, body);
    if (body.status === 500) onDefect(thrown);
  }
}

function refuse(context: Context, body: ErrorBody): void {
  context.status = body.status;
  context.body = body;
}

function errorBody(thrown: unknown): ErrorBody {
  if (thrown instanceof InvalidError) {
    const path = (thrown.problems[0]?.path ?? []).reduce<string>(pointerTo, '');
    return { error: thrown.message, status: 400, path };
  }
  const { expose, status = 500 } = thrown as { expose?: boolean; status?: number };
  return expose ? { error: messageOf(thrown), status } : { error: 'internal error', status: 500 };
}

interface ErrorBody {
  readonly error: string;
  readonly status: number;
  readonly path?: string;
}

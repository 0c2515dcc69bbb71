import { STATUS_CODES, type RequestListener } from 'node:http';
import Koa, { type Context } from 'koa';
import { validate } from '../common/validate.ts';
import { errorPage, type Answer } from './answer.ts';
import { answersSchema, fixedAnswers } from './answers.ts';
import { createCalls } from './calls.ts';
import { createControl, type StatsControl } from './control.ts';
import { statsDataSchema, type StatsData } from './data.ts';
import { parseEvents } from './events.ts';
import { route } from './routes.ts';
import { sampleData } from './sample-data.ts';
import { serve, throwOutside } from './serve.ts';
import { createStore } from './store.ts';
import { decodedPath } from './target.ts';

export interface MockStatsOptions {
  /** What the service knows; the sample data unless given. */
  readonly data?: StatsData | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** Told of a defect of the mock's own, which the client sees as a 500; unless given, it is thrown and ends the process. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

/** The mock stats service, with the functions that its control routes call. */
export interface MockStats extends StatsControl {
  /** Serves the data port. */
  readonly handle: RequestListener;
  /** Serves the control port, which must be a loopback one. */
  readonly handleControl: RequestListener;
}

/**
 * Makes a mock stats service; binds nothing.
 * @throws {InvalidError} when `data` does not fit its format
 */
export function createMockStats(options: MockStatsOptions = {}): MockStats {
  const { now = Date.now, onDefect = throwOutside } = options;
  const data = validate(statsDataSchema, options.data ?? sampleData);
  const store = createStore(data.products ?? {});
  const calls = createCalls();
  let answers = data.answers ?? {};
  let fixed = fixedAnswers(answers);

  const control: StatsControl = {
    calls: () => calls.read(),
    clearCalls: () => calls.clear(),
    answers: () => answers,
    setAnswers(value) {
      answers = validate(answersSchema, value);
      fixed = fixedAnswers(answers);
    },
    resetAnswers: () => control.setAnswers(data.answers ?? {}),
    recordEvents(value) {
      const events = parseEvents(value);
      for (const event of events) store.record(event);
      return events.length;
    },
  };

  const answer = ({ method, req }: Context): Answer => {
    const path = req.url ?? '';
    const known = { store, boardRows: data.board_rows ?? INCLUSIVE_TEN, answers: fixed };
    const { route: name, answer } = route(method, decodedPath(path), known);
    const headers = { ...req.headers };
    calls.add(name, { at: now(), method, path, status: answer.status, headers });
    return answer;
  };

  const app = new Koa();
  app.use((context) => {
    try {
      send(context, answer(context));
    } catch (error) {
      send(context, errorPage(500));
      onDefect(error);
    }
  });
  return { ...control, handle: serve(app), handleControl: createControl(control, onDefect) };
}

function send(context: Context, { status, headers, body }: Answer): void {
  context.status = status;
  // The original's server shouts: 400 BAD REQUEST.
  context.message = (STATUS_CODES[status] ?? 'unknown').toUpperCase();
  for (const [name, value] of Object.entries(headers)) context.set(name, [value].flat());
  context.body = body;
}

/** `zrevrange 0 10`: the original means ten, but its range includes both ends. */
const INCLUSIVE_TEN = 11;

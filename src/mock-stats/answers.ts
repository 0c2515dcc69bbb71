import { METHODS, validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { htmlAnswer, type Answer } from './answer.ts';
import { matchPattern, parsePattern, type Pattern } from './pattern.ts';
import { toPythonJson } from './python-json.ts';

const STATUS = 'expected a status from 200 to 599';

const fixedAnswer = z
  .strictObject({
    status: z.int().min(200, STATUS).max(599, STATUS).optional(),
    headers: z
      .record(
        z.string(),
        z.union([z.string(), z.array(z.string())], { error: 'expected text or a list of texts' }),
      )
      .superRefine((headers, context) => {
        for (const [name, value] of Object.entries(headers)) {
          const message = headerProblem(name, value);
          if (message) context.addIssue({ code: 'custom', path: [name], message, params: AT_KEY });
        }
      })
      .optional(),
    json: z.unknown().optional(),
    body: z.string().optional(),
  })
  .superRefine(({ json, body }, context) => {
    const add = (message: string): void =>
      context.addIssue({ code: 'custom', path: ['json'], message, params: AT_KEY });
    if (json !== undefined && body !== undefined) add('give json or body, not both');
    try {
      toPythonJson(json);
    } catch (error) {
      add(messageOf(error));
    }
  });

/** Fixed answers by route: `{ "GET /stats/:product/:user": { status, headers, json | body } }`. */
export const answersSchema = z.record(z.string(), fixedAnswer).superRefine((answers, context) => {
  for (const route of Object.keys(answers)) {
    const message = routeProblem(route);
    if (message) context.addIssue({ code: 'custom', path: [route], message, params: AT_KEY });
  }
});

export type Answers = z.infer<typeof answersSchema>;

/** A fixed answer, ready to be given. */
export interface FixedAnswer {
  /** As it was written, such as `GET /stats/:product/:user`. */
  readonly route: string;
  readonly answer: Answer;
  matches(method: string, path: string): boolean;
}

/** Makes answers of a checked record; where several fit a request, the first one written is given. */
export function fixedAnswers(answers: Answers): FixedAnswer[] {
  return Object.entries(answers).map(([route, { status = 200, headers, json, body }]) => {
    const { method, pattern } = splitRoute(route);
    return {
      route,
      answer: htmlAnswer(status, body ?? (json === undefined ? '' : toPythonJson(json)), headers),
      matches: (asked, path) =>
        (asked === method || (asked === 'HEAD' && method === 'GET')) &&
        matchPattern(pattern ?? [], path) !== undefined,
    };
  });
}

function splitRoute(route: string): { method: string; pattern: Pattern | undefined } {
  const [method = '', path = '', ...rest] = route.split(' ');
  return { method, pattern: rest.length > 0 ? undefined : parsePattern(path) };
}

function routeProblem(route: string): string | undefined {
  const { method, pattern } = splitRoute(route);
  if (!METHODS.includes(method)) return `unknown method "${method}"${didYouMean(method, COMMON)}`;
  return pattern ? undefined : `expected a route such as "${EXAMPLE}", got "${route}"`;
}

function headerProblem(name: string, value: string | string[]): string | undefined {
  if (FRAMING.includes(name.toLowerCase())) {
    return `${name} is not for an answer to set: false framing is a fault, and faults are the proxy's`;
  }
  try {
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, one);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const AT_KEY = { atKey: true };
const COMMON = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const EXAMPLE = 'GET /stats/:product/:user';
const FRAMING = ['content-length', 'transfer-encoding', 'trailer'];

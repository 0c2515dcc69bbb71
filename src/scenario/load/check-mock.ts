import { InvalidError, type Problem } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import { located, validateFile, type YamlFile } from '../../common/yaml-file.ts';
import { parseMatch, type Match } from '../../proxy/catalogue.ts';
import type { MockAnswer, MockSpec } from '../../system/spec.ts';
import { mockFile, type MockFile } from '../format/mock.ts';

/**
 * Reads a mock.
 * @throws {FileError} for routes that are none, or that never answer
 */
export function readMock(yaml: YamlFile): MockSpec {
  const { mock, routes } = validateFile(mockFile, yaml);
  const problems: Problem[] = [];
  const before: Route[] = [];
  for (const route of Object.keys(routes)) {
    const report = (message: string) =>
      void problems.push({ path: ['routes', route], message, atKey: true });
    const read = readRoute(route);
    if (typeof read === 'string') {
      report(read);
      continue;
    }
    const first = before.find((one) => hides(one, read));
    if (first)
      report(`"${first.text}" stands before it and answers all of this: put this one first`);
    before.push(read);
  }
  if (Object.keys(routes).length === 0)
    problems.push({ path: ['routes'], message: 'expected at least one route such as GET /x/:id' });
  if (problems.length > 0) throw located(new InvalidError(problems), yaml);
  return {
    mock,
    routes: Object.fromEntries(Object.entries(routes).map(([key, said]) => [key, answerOf(said)])),
  };
}

interface Route {
  readonly text: string;
  readonly method: string;
  readonly path: string;
  readonly match: Match;
}

/** Or what is wrong with it. */
function readRoute(text: string): Route | string {
  const [, method = '', path = ''] = /^(\S+) +(\/.*)$/.exec(text) ?? [];
  if (method === '') return 'expected a method and a path such as "GET /stats/:id"';
  if (!METHODS.includes(method)) return `unknown method "${method}"${didYouMean(method, METHODS)}`;
  try {
    return { text, method, path, match: parseMatch(`* ${path}`) };
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return error.problems.map(({ message }) => message).join('; ');
  }
}

/** The names of the parameters make no difference; a path without any is one that the other may fit. */
function hides(first: Route, later: Route): boolean {
  if (first.method !== later.method && first.method !== '*') return false;
  const shape = (path: string) => path.replaceAll(/([:*])(\w+|"[^"]*")/g, '$1');
  if (shape(first.path) === shape(later.path)) return true;
  if (/[:*{}]/.test(later.path)) return false;
  const { method, path } = later;
  return first.match.request({ method, target: path, path, headers: {} });
}

function answerOf({ status, headers, json, body }: MockFile['routes'][string]): MockAnswer {
  const said = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const type = json === undefined ? TEXT : JSON_TYPE;
  const typed =
    said || (json === undefined && body === undefined)
      ? headers
      : { 'content-type': type, ...headers };
  return { status, headers: typed, body: json === undefined ? (body ?? '') : JSON.stringify(json) };
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '*'];
const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';

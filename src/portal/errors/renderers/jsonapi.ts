import type { ErrorFacts, Renderer } from '../renderer.ts';
import { sourceOf } from './problem.ts';

/** JSON:API: an entry for each problem, all of it strings, nothing blank. */
export const jsonapi: Renderer = {
  type: 'application/vnd.api+json',
  suits: ['application/json'],
  render: (error) => JSON.stringify({ errors: entriesOf(error) }),
};

function entriesOf({ status, phrase, message, detail, code, problems }: ErrorFacts): object[] {
  const common = { code, status: String(status) };
  if (problems.length === 0) {
    const text = typeof detail === 'string' && detail !== '' ? detail : message;
    return [{ title: phrase, detail: text, ...common }];
  }
  return problems.map((problem) => ({
    title: phrase,
    detail: problem.message,
    ...common,
    ...filled('source', sourceOf(problem)),
  }));
}

/** The whole body has the empty pointer: there is nothing to say. */
function filled(name: string, value: Record<string, string>): Record<string, object> {
  return Object.values(value).some((text) => text !== '') ? { [name]: value } : {};
}

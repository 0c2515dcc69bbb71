import { pointerTo } from '../../../common/json-pointer.ts';
import type { RequestProblem } from '../problems.ts';
import type { Renderer } from '../renderer.ts';

/** RFC 9457. A detail that is no sentence, which that standard does not know, stands beside it as `details`. */
export const problem: Renderer = {
  type: 'application/problem+json',
  suits: ['application/json'],
  render({ status, phrase, message, detail, code, problems, requestId }) {
    const isSentence = typeof detail === 'string';
    return JSON.stringify({
      title: phrase,
      status,
      detail: isSentence ? detail : message,
      ...(!isSentence && { details: detail }),
      code,
      request_id: requestId,
      ...(problems.length > 0 && { errors: problems.map(describe) }),
    });
  },
};

function describe(problem: RequestProblem): object {
  return { ...sourceOf(problem), detail: problem.message };
}

/** `{ pointer: '/email' }` in a body, `{ parameter: 'page' }` in a query or a path. */
export function sourceOf({ in: place = 'body', path }: RequestProblem): Record<string, string> {
  if (place === 'body') return { pointer: path.reduce<string>(pointerTo, '') };
  return { [place === 'header' ? 'header' : 'parameter']: path.join('.') };
}

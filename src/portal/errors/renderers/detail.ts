import { locationOf } from '../problems.ts';
import type { Renderer } from '../renderer.ts';

/** `{"detail": "…"}`, or the list of what is wrong. The values themselves are not repeated: one of them may be a password. */
export const detail: Renderer = {
  type: 'application/json',
  suits: [],
  render({ detail, problems }) {
    const list = problems.map((problem) => ({
      type: problem.type ?? 'invalid',
      loc: locationOf(problem),
      msg: problem.message,
    }));
    return JSON.stringify({ detail: list.length > 0 ? list : detail });
  },
};

import type { Renderer } from '../renderer.ts';

/** `{"error": "403 Forbidden", "status": 403, "detail": …}`; problems as a message for each field. */
export const media: Renderer = {
  type: 'application/json',
  suits: [],
  render({ title, status, detail, problems }) {
    const fields = problems.map(({ path, message }) => [path.join('.'), message]);
    const said: unknown = fields.length > 0 ? Object.fromEntries(fields) : detail;
    return JSON.stringify({ error: title, status, ...(said !== '' && { detail: said }) });
  },
};

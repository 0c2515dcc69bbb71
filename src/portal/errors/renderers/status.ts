import type { Renderer } from '../renderer.ts';

/** `{"status": {"status_code": 404, "message": "…"}}` */
export const status: Renderer = {
  type: 'application/json',
  suits: [],
  render: ({ status, line }) => JSON.stringify(statusBody(status, line)),
};

/**
 * The body of this format, for those who answer with it by hand.
 * @throws {TypeError | RangeError} unless the status is a whole number from 100 to 599, and the message not blank
 */
export function statusBody(status: number, message: string): StatusBody {
  if (!Number.isInteger(status)) throw new TypeError(`expected a status, got ${String(status)}`);
  if (status < 100 || status > 599) {
    throw new RangeError(`expected a status from 100 to 599, got ${status}`);
  }
  if (message.trim() === '') throw new TypeError('expected a message that is not blank');
  return { status: { status_code: status, message } };
}

export interface StatusBody {
  readonly status: { readonly status_code: number; readonly message: string };
}

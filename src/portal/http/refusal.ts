import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { httpError } from '../errors/factory.ts';
import { factsOf, type Renderer } from '../errors/renderer.ts';

/** An answer to what never got as far as the app, in the form that `renderer` gives. Nobody is asked what they accept: it may not be known. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function refusalOf(
  status: number,
  message: string,
  code: string,
  renderer: Renderer,
): Refusal {
  const requestId = randomUUID();
  const error = httpError(status, message, { code });
  const body = renderer.render(factsOf(error, status, requestId));
  return {
    status,
    headers: {
      'Content-Type': renderer.type,
      'Content-Length': String(Buffer.byteLength(body)),
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      Connection: 'close',
    },
    body,
  };
}

/** As it stands on the wire. */
export function written({ status, headers, body }: Refusal): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('')}\r\n${body}`;
}

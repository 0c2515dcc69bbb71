import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';

/** Answers a request that never gets as far as the app. */
export function refuse(response: ServerResponse, status: number, detail: string): void {
  const { headers, body } = problem(status, detail);
  response.writeHead(status, headers).end(body);
}

/** All bytes of an answer to what could not be read as a request; `code` is that of Node's error. */
export function refusalOf(code: string | undefined): string {
  const [status, detail] = REFUSALS[code ?? ''] ?? [400, 'This is no HTTP request.'];
  const { headers, body } = problem(status, detail);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('')}\r\n${body}`;
}

function problem(status: number, detail: string) {
  const request_id = randomUUID();
  const title = STATUS_CODES[status];
  const code = CODES[status] ?? 'bad_request';
  const body = JSON.stringify({ title, status, detail, code, request_id });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': request_id,
    Connection: 'close',
  };
  return { headers, body };
}

const REFUSALS: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to come.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large.'],
};

const CODES: Readonly<Record<number, string>> = {
  408: 'request_timeout',
  413: 'body_too_large',
  431: 'headers_too_large',
};

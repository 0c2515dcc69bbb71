import { STATUS_CODES } from 'node:http';
import { defineFault } from '../fault.ts';
import { headers } from '../http-parameter.ts';
import { integer, text } from '../parameter.ts';

export const status = defineFault({
  name: 'status',
  summary: 'a status of your choice; the upstream is not called',
  main: 'code',
  parameters: {
    code: integer('the status', { min: 200, max: 599 }),
    headers: headers('headers to send with it', { default: {} }),
    body: text('the body; the status’s own phrase, unless said', { optional: true }),
  },
  example: { code: 503 },
  phase: 'request',
  onExchange(exchange, { code, headers, body = STATUS_CODES[code] ?? '' }) {
    const type = isJson(body) ? 'application/json' : 'text/plain; charset=utf-8';
    const typed = body === '' || WITHOUT_BODY.includes(code) ? {} : { 'content-type': type };
    exchange.answer({ status: code, headers: { ...typed, ...lowerCased(headers) }, body });
  },
});

function lowerCased(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, v]) => [name.toLowerCase(), v]));
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

const WITHOUT_BODY = [204, 304];

import { STATUS_CODES } from 'node:http';
import { defineFault } from '../fault.ts';
import { headers } from '../http-parameter.ts';
import { integer, text } from '../parameter.ts';

export const status = defineFault({
  name: 'status',
  summary: 'that status instead of the upstream’s answer; the upstream is not called',
  main: 'code',
  parameters: {
    code: integer('the status', { min: 200, max: 599 }),
    headers: headers('headers to send with it', { default: {} }),
    body: text('the body; the status’s own phrase, unless said', { optional: true }),
  },
  phase: 'request',
  onExchange(exchange, values) {
    const body = values.body ?? STATUS_CODES[values.code] ?? '';
    const type = isJson(body) ? 'application/json' : 'text/plain; charset=utf-8';
    exchange.answer({
      status: values.code,
      headers: { 'content-type': type, ...lowerCased(values.headers) },
      body,
    });
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

import { defineFault } from '../fault.ts';
import { headerValue } from '../http-parameter.ts';
import { choice } from '../parameter.ts';

export const redirect = defineFault({
  name: 'redirect',
  summary: 'a redirect, to itself unless said; the upstream is not called',
  main: 'to',
  parameters: {
    to: headerValue('where to, a URL or a path; itself, unless said', { optional: true }),
    code: choice('the status', { words: [301, 302, 303, 307, 308], default: 302 }),
  },
  phase: 'request',
  onExchange(exchange, { to, code }) {
    const location = to ?? itself(exchange.request.target);
    exchange.answer({ status: code, headers: { location }, body: '' });
  },
});

/** A target that begins with two slashes would name another host. */
function itself(target: string): string {
  return target.startsWith('//') ? `/.${target}` : target;
}

import { traceHeaders } from '../trace.ts';
import type { Plug } from './plug.ts';

/** W3C Trace Context and Baggage: the same trace, and a span of its own for each request. */
export const trace: Plug = {
  name: 'trace',
  plugIn: ({ randomHex }) => ({
    request({ headers }, { trace }) {
      Object.assign(headers, traceHeaders(trace, randomHex));
    },
  }),
};

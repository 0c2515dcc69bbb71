import { traceparentOf } from '../../../common/trace-context.ts';
import type { Plug } from './plug.ts';

/** W3C Trace Context and Baggage: the same trace, and a span of its own for each request. */
export const trace: Plug = {
  name: 'trace',
  plugIn: ({ randomHex }) => ({
    request({ headers }, { trace }) {
      headers['traceparent'] = traceparentOf(trace, randomHex);
      if (trace.baggage !== undefined) headers['baggage'] = trace.baggage;
    },
  }),
};

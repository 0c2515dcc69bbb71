import { CallFailure } from '../failure.ts';
import { isWhole, type Plug } from './plug.ts';

/** Bodies as JSON, both ways. What comes is read whatever its Content-Type says: the stats service calls its JSON text/html. */
export const json: Plug = {
  name: 'json',
  plugIn: () => ({
    request(outgoing) {
      if (outgoing.body === undefined) return;
      outgoing.headers['content-type'] = 'application/json';
      outgoing.body = JSON.stringify(outgoing.body);
    },
    response(reply) {
      // The body of an error is often a page, and nobody needs its document.
      if (isWhole(reply.status) && Buffer.isBuffer(reply.body)) reply.body = parse(reply);
    },
  }),
};

function parse({ status, body }: { readonly status: number; readonly body: unknown }): unknown {
  if (NO_CONTENT.has(status)) return undefined;
  try {
    return JSON.parse(strict.decode(body as Buffer));
  } catch (error) {
    throw new CallFailure('invalid_response', 'the body is not JSON', { cause: error });
  }
}

const strict = new TextDecoder('utf-8', { fatal: true });
const NO_CONTENT: ReadonlySet<number> = new Set([204, 205]);

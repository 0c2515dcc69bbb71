import type { Plug } from './plug.ts';

/** Tells the service the id of the request that the portal serves. */
export const requestId: Plug = {
  name: 'request-id',
  plugIn: () => ({
    request(outgoing, origin) {
      outgoing.headers['x-request-id'] = origin.requestId;
    },
  }),
};

import type { Server, ServerResponse } from 'node:http';

/** The requests that a server is answering. */
export interface UnderWay {
  /** Accepts no more connections, and resolves once every answer has gone, or after `graceMs`. Whoever is answered is told to ask no more here. */
  finish(graceMs: number): Promise<void>;
}

export function watchRequests(server: Server): UnderWay {
  const responses = new Set<ServerResponse>();
  let isStopping = false;
  let whenNone = () => {};
  server.prependListener('request', (_request, response: ServerResponse) => {
    responses.add(response);
    if (isStopping) response.shouldKeepAlive = false;
    response.once('close', () => {
      responses.delete(response);
      if (responses.size === 0) whenNone();
    });
  });
  return {
    async finish(graceMs) {
      isStopping = true;
      server.close();
      for (const response of responses) response.shouldKeepAlive = false;
      if (responses.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        whenNone = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
    },
  };
}

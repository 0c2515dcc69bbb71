import http from 'node:http';
import https from 'node:https';
import type { RequestInit, Response } from 'node-fetch';

/** As node-fetch has it: its `agent` option and its Node stream of a body are used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The connections to another service, kept alive between calls. */
export interface Transport {
  readonly fetch: Fetch;
  /** Runs work that uses the connections; its signal aborts when the transport is closed. */
  during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Gives up what is under way and destroys every socket. */
  close(): void;
}

export function openTransport(fetch: Fetch): Transport {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });
  const agent = (url: URL) => (url.protocol === 'https:' ? secure : plain);
  // One controller a call: a signal that all calls shared would collect their listeners.
  const underWay = new Set<AbortController>();
  let closed = false;

  return {
    fetch: (url, init) => fetch(url, { ...init, agent }),
    async during(work) {
      const controller = new AbortController();
      if (closed) controller.abort();
      underWay.add(controller);
      try {
        return await work(controller.signal);
      } finally {
        underWay.delete(controller);
      }
    },
    close() {
      closed = true;
      for (const controller of underWay) controller.abort();
      plain.destroy();
      secure.destroy();
    },
  };
}

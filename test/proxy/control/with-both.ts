import { createServer } from 'node:http';
import { createDisposables } from '../../../src/common/disposables.ts';
import { listen } from '../../../src/common/server.ts';
import { createControlClient } from '../../../src/proxy/control/client.ts';
import { startControl, type ControlOptions } from '../../../src/proxy/control/start-control.ts';
import type { FaultControl } from '../../../src/proxy/fault-control.ts';
import type { JournalEntry } from '../../../src/proxy/journal.ts';
import { createProxy, type Proxy } from '../../../src/proxy/proxy.ts';
import { rawClient, type RawClient } from '../../helpers/raw-client.ts';
import { answerRows, CALLS, nextPoll, resources } from '../rig.ts';

export type Where = (typeof WHERES)[number];
/** The control of a proxy is the same wherever it is used. */
export const WHERES = ['in this process', 'over HTTP'] as const;

export interface Both extends AsyncDisposable {
  /** In this process, or a client of the server. */
  readonly control: FaultControl;
  readonly proxy: Proxy;
  /** Of the upstream `stats`, before the proxy. */
  readonly url: string;
  /** Of the control server. */
  readonly controlUrl: string;
  /** Stops the control server. */
  readonly stop: () => Promise<void>;
  readonly connect: (url?: string) => RawClient;
  /** The journal as soon as it has `count` entries and none is pending. */
  readonly completed: (count: number) => Promise<readonly JournalEntry[]>;
}

/** Not a rig: fetch keeps its connections, so that what is open afterwards says nothing of the proxy. */
export async function startBoth(
  where: Where,
  options: Partial<ControlOptions> = {},
): Promise<Both> {
  const before = resources().length;
  const started = createDisposables();
  const target = started.use(await listen(createServer(answerRows)));
  const proxy = started.use(createProxy());
  const { url } = await proxy.open({ name: 'stats', target: target.url, calls: CALLS });
  const server = started.use(await startControl({ proxy, port: 0, ...options }));
  const clients: RawClient[] = [];
  return {
    control: where === 'over HTTP' ? createControlClient(server.url, options.token) : proxy.control,
    proxy,
    url,
    controlUrl: server.url,
    stop: async () => server[Symbol.asyncDispose](),
    connect(to = url) {
      const client = rawClient(to);
      clients.push(client);
      return client;
    },
    async completed(count) {
      for (;;) {
        const { entries } = await proxy.control.journal();
        if (entries.length >= count && entries.every(({ end }) => end !== 'pending'))
          return entries;
        await nextPoll();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await started[Symbol.asyncDispose]();
      // What fetch keeps goes with its server: tests that look at what is open may come next.
      for (let turn = 0; turn < 200 && resources().length > before; turn++) await nextPoll();
    },
  };
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await nextPoll();
}

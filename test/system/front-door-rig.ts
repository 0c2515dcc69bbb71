import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { listen } from '../../src/common/server.ts';
import {
  startFrontDoor,
  type FrontDoor,
  type FrontDoorOptions,
} from '../../src/system/front-door.ts';
import { rawClient, type RawClient } from '../helpers/raw-client.ts';
import { rawUpstream, type RawUpstream } from '../helpers/raw-upstream.ts';

export interface Rig {
  readonly door: FrontDoor;
  /** The heads of the requests that have reached the service, in order. */
  readonly reached: readonly IncomingMessage[];
  readonly connect: () => RawClient;
}

/** A service that `handler` answers for, behind a front door. */
export async function withDoor(
  options: Omit<FrontDoorOptions, 'target'>,
  handler: RequestListener,
  work: (rig: Rig) => Promise<void>,
): Promise<void> {
  const reached: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    reached.push(request);
    handler(request, response);
  });
  await using service = await listen(server);
  await using door = await startFrontDoor({ ...options, target: service.url });
  await connected(door, (connect) => work({ door, reached, connect }));
}

/** A service that answers bytes with bytes, behind a front door. */
export async function withRawService(
  act: Parameters<typeof rawUpstream>[0],
  work: (rig: Omit<Rig, 'reached'> & { readonly service: RawUpstream }) => Promise<void>,
): Promise<void> {
  await using service = await rawUpstream(act);
  await using door = await startFrontDoor({ run: 'r1', target: service.url });
  await connected(door, (connect) => work({ door, service, connect }));
}

async function connected(
  door: FrontDoor,
  work: (connect: () => RawClient) => Promise<void>,
): Promise<void> {
  const clients: RawClient[] = [];
  try {
    await work(() => {
      const client = rawClient(door.url);
      clients.push(client);
      return client;
    });
  } finally {
    for (const client of clients) client.destroy();
  }
}

export const answerOk: RequestListener = (_request, response) => void response.end('ok');

import { setTimeout as sleep } from 'node:timers/promises';
import type Toxic from 'toxiproxy-node-client/dist/Toxic.js';
import { withToxiproxy, type Serve, type ToxiproxyRig } from './with-toxiproxy.ts';

export interface Db extends ToxiproxyRig {
  /** Adds a toxic to the proxy, by Toxiproxy's own client. */
  readonly add: (
    type: string,
    attributes: object,
    stream?: 'upstream' | 'downstream',
  ) => Promise<Toxic.default<unknown>>;
  readonly db: { readonly listen: string };
}

/** A proxy that Toxiproxy's own client has created. */
export function withDb(serve: Serve, test: (rig: Db) => Promise<void>): Promise<void> {
  return withToxiproxy(serve, async (rig) => {
    const { client, upstream } = rig;
    const db = await client.createProxy({ name: 'db', listen: '127.0.0.1:0', upstream });
    const add: Db['add'] = (type, attributes, stream = 'downstream') =>
      db.addToxic({ type, attributes, stream, name: type, toxicity: 1 } as never);
    await test({ ...rig, db, add });
  });
}

export const changed = (toxic: Toxic.default<unknown>, attributes: object) =>
  toxic.update({ attributes } as never);

/** Long enough for what would come to have come. */
export const quiet = () => sleep(30);

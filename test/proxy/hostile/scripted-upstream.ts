import { createServer } from 'node:net';
import type { Random } from '../../../src/common/random.ts';
import { listen, type Listening } from '../../../src/common/server.ts';
import { peerOf, type Peer } from '../transparency/peer.ts';
import type { Script } from './script.ts';

/** An upstream that does to each connection what it was last told to. */
export interface ScriptedUpstream extends Listening {
  /** Follows this script from now on; gives the connections on which it did. */
  follow(script: Script, random: Random): readonly Peer[];
  /** Resolves when no script plays any more. */
  idle(): Promise<void>;
}

export async function listenForScripts(): Promise<ScriptedUpstream> {
  let act: (peer: Peer) => Promise<void> = () => Promise.resolve();
  const playing = new Set<Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const played = act(peerOf(socket)).finally(() => playing.delete(played));
    playing.add(played);
  });
  const listening = await listen(server);
  return {
    ...listening,
    follow(script, random) {
      const peers: Peer[] = [];
      act = (peer) => {
        peers.push(peer);
        return script.play(peer, random);
      };
      return peers;
    },
    async idle() {
      await Promise.all(playing);
    },
  };
}

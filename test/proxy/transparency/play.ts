import { expect } from 'chai';
import { sentBy, type Conversation, type Side } from './conversation.ts';
import { expectSame } from './same.ts';
import { connectPeer, type Ending, type PeerServer } from './peer.ts';
import { nextPoll } from '../rig.ts';

/**
 * Plays a conversation from both ends, and fails where one end sees anything else than what the other did: another byte,
 * another end. `before` says how many connections the upstream has had.
 */
export async function play(
  { steps }: Conversation,
  { url, server, before = 0 }: { url: string; server: PeerServer; before?: number },
): Promise<void> {
  const client = connectPeer(url);
  const upstream = await server.connection(before);
  const peers = { client, upstream };
  try {
    const done = { client: 0, upstream: 0 };
    for (const step of steps) {
      const actor = peers[step.by];
      const watcher = peers[other(step.by)];
      if (step.does !== 'send') {
        actor[step.does]();
        await watcher.ended();
        continue;
      }
      actor.send(step.bytes);
      done[step.by] += step.bytes.length;
      await watcher.has(done[step.by] - step.held);
      // What may be held is on its way: two writes are two segments.
      await nextPoll();
    }
    // What nobody sent would come now.
    for (let turn = 0; turn < 3; turn++) await nextPoll();
    for (const side of ['client', 'upstream'] as const) {
      expectSame(peers[other(side)].received(), sentBy(side, steps), side);
      expect(peers[other(side)].ending, `what the ${other(side)} sees of the end`).to.be.oneOf(
        endingsOf(side, steps),
      );
    }
  } finally {
    client.destroy();
    upstream.destroy();
  }
}

/** How the other side may see what this side did last. */
function endingsOf(side: Side, steps: Conversation['steps']): readonly Ending[] {
  const does = steps.filter((step) => step.by === side && step.does !== 'send').at(-1)?.does;
  if (does === undefined) return gone(other(side), steps) ? ['open', 'rst'] : ['open'];
  if (does === 'finish') return ['fin'];
  // An upstream may be told that its client has gone in a gentler way.
  return side === 'client' ? ['rst', 'fin'] : ['rst'];
}

/** A side that has reset sees nothing more, or its own cut. */
function gone(side: Side, steps: Conversation['steps']): boolean {
  return steps.some((step) => step.by === side && step.does === 'reset');
}

function other(side: Side): Side {
  return side === 'client' ? 'upstream' : 'client';
}

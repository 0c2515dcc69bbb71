import type { FaultLink } from './exchange.ts';
import type { FaultHandshake } from './fault.ts';
import type { OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import type { Firing } from './rules.ts';
import type { Pass, Stage } from './stage.ts';

/** Notes in the journal, once, that this firing has really begun to act. */
export function markOf({ rule, fault, phase }: Firing, entry: OpenEntry): () => void {
  let marked = false;
  return () => {
    if (!marked) entry.fired(rule.id, fault.name, phase);
    marked = true;
  };
}

/** What one firing may do to a handshake; that, too, is noted as fired. */
export function handshakeSurface(handshake: FaultHandshake, mark: () => void): FaultHandshake {
  return {
    fail() {
      mark();
      return handshake.fail();
    },
    certificate(kind) {
      mark();
      handshake.certificate(kind);
    },
  };
}

interface Where {
  readonly mark: () => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The link was open before the rule came: there a hold begins with the first byte that it stops. */
  readonly live?: boolean;
  /** Told of what goes on after the fault's own call, with what ends it. */
  readonly lasts: (end: () => void) => void;
}

/** What one firing may do to a link. Whatever it does is noted as fired, so that no fault has to remember to. */
export function linkSurface(
  link: Link,
  firing: Firing,
  { mark, now, live = false, lasts }: Where,
): FaultLink {
  const { waits } = firing.rule;
  /** How many of its stages have bytes in hand: what is behind these is never written, so no cut waits for it. */
  let inHand = 0;
  const wait = (ms: number) => {
    if (!waits.released && ms > 0) mark();
    return waits.wait(ms, link);
  };
  return {
    random: firing.random,
    wait,
    untilLifted: () => wait(Infinity),
    remember: (make) => firing.rule.remember(firing, make),
    now,
    reset(both) {
      mark();
      return link.reset(inHand > 0, both);
    },
    close() {
      mark();
      return link.close(inHand > 0);
    },
    async hold(ms = Infinity, stream) {
      if (waits.released || ms <= 0) return;
      if (!live) mark();
      const until = waits.wait(ms, link);
      const release = link.hold(stream, mark, until);
      await until;
      release();
    },
    shape(stream, stage) {
      if (waits.released) return;
      const stays = () => stage.outlasts === true && !firing.rule.replaced;
      const shaping: Stage = {
        async data(bytes, pass, arrivedAt) {
          // Lifted, it lets everything through as it is.
          if ((waits.released && !stays()) || !stage.data) return pass(bytes);
          const changed: Pass = (piece) => {
            if (piece !== bytes) mark();
            return pass(piece);
          };
          inHand++;
          await stage.data(bytes, changed, arrivedAt);
          inHand--;
        },
        end: async () => (waits.released ? undefined : stage.end?.()),
      };
      const release = link[stream].shape(shaping);
      lasts(() => {
        if (!stays()) release();
      });
    },
    after(ms, act) {
      let over = false;
      lasts(() => (over = true));
      void waits.wait(ms, link).then(async () => {
        if (!over && !waits.released && !link.gone) await act();
      });
    },
    // No getter: one on an object that is made for each exchange costs more than all else here.
    over: () => waits.released || link.gone,
    whenLifted(act) {
      lasts(() => {});
      void waits.wait(Infinity, link).then(async () => {
        if (!link.gone && !firing.rule.replaced) await act();
      });
    },
    keep<T>(make: () => T): T {
      const counted = firing.rule.counts.connections.get(link);
      return counted ? ((counted.kept ??= make()) as T) : make();
    },
    async write(bytes) {
      mark();
      await link.down.send(bytes);
    },
  };
}

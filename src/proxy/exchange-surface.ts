import type { Exchange } from './exchange.ts';
import type { Firing } from './rules.ts';
import type { Served } from './serve.ts';
import { linkSurface, markOf } from './surface.ts';

/** What one firing may do to the exchange; whatever it does is noted as fired when it begins to act. */
export function exchangeSurface(served: Served, firing: Firing): Exchange {
  const { link, turn, request, plan, shared } = served;
  const mark = markOf(firing, turn.entry);
  const now = shared.clock;
  const lasts = (end: () => void) => {
    plan.faults.add(firing.fault.name);
    served.lasting.push(end);
  };
  const onLink = linkSurface(link, firing, { mark, now, lasts });
  // Decided is not done: a rule that is lifted meanwhile leaves the exchange as if healthy.
  const lifted = () => firing.rule.waits.released;
  const cut = (act: () => Promise<void>) => async () => {
    if (lifted()) return;
    mark();
    await act();
  };
  const fault = firing.fault.name;
  return {
    // One by one: an object that is spread into a literal makes that slow to fill.
    random: onLink.random,
    wait: (ms) => onLink.wait(ms),
    untilLifted: () => onLink.untilLifted(),
    remember: (make) => onLink.remember(make),
    now,
    link: onLink,
    request: turn.request as NonNullable<typeof turn.request>,
    response: served.response,
    answer(answer) {
      if (served.answer || served.phase === 'body' || served.phase === 'end') return;
      mark();
      served.answer = answer;
    },
    received: (offset) => request.received(offset),
    async copyRequest() {
      mark();
      await request.copy();
    },
    editHead(edit) {
      plan.headEdits.push((head) => {
        const edited = lifted() ? head : edit(head);
        if (edited !== head) {
          mark();
          plan.faults.add(fault);
        }
        return edited;
      });
    },
    editBody(edit) {
      plan.edits.push((body) => {
        const edited = lifted() ? undefined : edit(body);
        if (edited) {
          mark();
          plan.faults.add(fault);
        }
        return edited;
      });
    },
    eachPiece(edit) {
      plan.faults.add(fault);
      plan.pieces.push((bytes) => {
        const edited = lifted() ? bytes : edit(bytes);
        if (edited !== bytes) mark();
        return edited;
      });
    },
    rewrite(make) {
      plan.rewrites.push({
        fault,
        make(whole) {
          const made = lifted() ? undefined : make(whole);
          if (made) mark();
          return made;
        },
      });
    },
    record: (keep) => void plan.keeps.push(keep),
    atHead: (offset, act) => void plan.headCuts.push({ offset, fault, act: cut(act) }),
    atBody: (offset, act) => void plan.bodyCuts.push({ offset, fault, act: cut(act) }),
  };
}

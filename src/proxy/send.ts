import { editEncoded } from './body.ts';
import type { Recorded } from './exchange.ts';
import type { Segment } from './inbox.ts';
import type { Link } from './link.ts';
import type { Amount } from './parameter.ts';
import { FRAMING, type Source } from './source.ts';
import type { Piece } from './stage.ts';
import { headBytes, withField, withoutFields, type WireHead } from './wire-head.ts';

/** What faults have asked for the response. */
export interface Plan {
  readonly headEdits: ((head: WireHead) => WireHead)[];
  readonly edits: ((body: Buffer) => Buffer | undefined)[];
  readonly pieces: Piece[];
  readonly rewrites: Rewrite[];
  readonly keeps: ((response: Recorded) => void)[];
  readonly headCuts: Cut[];
  readonly bodyCuts: Cut[];
  /** Names of the faults that act, for the client to read. */
  readonly faults: Set<string>;
}

interface Rewrite {
  readonly fault: string;
  make(whole: Recorded): readonly Buffer[] | undefined;
}

export interface Cut {
  readonly offset: Amount;
  readonly fault: string;
  act(): Promise<void>;
}

export function createPlan(): Plan {
  return {
    headEdits: [],
    edits: [],
    pieces: [],
    rewrites: [],
    keeps: [],
    headCuts: [],
    bodyCuts: [],
    faults: new Set(),
  };
}

/** Sends head and body, edited and cut as planned. It returns early where the link has ended. */
export async function sendResponse(link: Link, source: Source, plan: Plan): Promise<void> {
  if (source.whole && asksNothing(plan)) {
    const head = headBytes(signed(source.head, [...plan.faults]));
    return link.down.send(Buffer.concat([head, source.whole]));
  }
  const hasBody = source.framing.kind !== 'none';
  const whole = needsWhole(source, plan) ? await collect(source, link) : undefined;
  if (link.gone) return;
  let { head } = source;
  let next = whole ? reader(whole.segments, source) : source.next;
  let length = lengthOf(source, whole);
  let body = whole?.complete ? payloadOf(whole) : undefined;
  if (body && hasBody && plan.edits.length > 0) {
    const edited = await editEncoded(body, source.encoding, plan.edits);
    if (edited) {
      head = withField(withoutFields(head, FRAMING), 'content-length', String(edited.length));
      next = reader([{ bytes: edited, payload: true }]);
      length = edited.length;
      body = edited;
    }
  }
  const stops = hasBody ? stopsOf(plan.bodyCuts, length) : [];
  for (const { fault } of stops) plan.faults.add(fault);
  for (const edit of plan.headEdits) head = edit(head);
  for (const rewrite of body ? plan.rewrites : []) {
    const noted = signed(head, [...plan.faults, rewrite.fault]);
    const rewritten = rewrite.make({ head: noted, body: body as Buffer });
    if (!rewritten) continue;
    for (const bytes of rewritten) await link.down.send(bytes);
    return;
  }
  const bytes = headBytes(signed(head, [...plan.faults]));
  link.down.gather();
  await sendHead(link, bytes, stopsOf(plan.headCuts, bytes.length));
  const kept = await sendBody(link, next, stops, plan);
  if (kept && !link.gone) for (const keep of plan.keeps) keep({ head: source.head, body: kept });
}

/** Names the faults that act, for whoever reads the answer. */
function signed(head: WireHead, faults: readonly string[]): WireHead {
  return faults.length === 0 ? head : withField(head, 'x-brownout-fault', faults.join(', '));
}

interface Stop {
  readonly position: number;
  readonly fault: string;
  act(): Promise<void>;
}

function stopsOf(cuts: readonly Cut[], length: number): Stop[] {
  return cuts
    .map((cut) => {
      const { offset, fault } = cut;
      const position = 'bytes' in offset ? offset.bytes : Math.floor(length * offset.share);
      return { position, fault, act: () => cut.act() };
    })
    .filter(({ position }) => !(position > length))
    .sort((a, b) => a.position - b.position);
}

async function sendHead(link: Link, head: Buffer, stops: readonly Stop[]): Promise<void> {
  let from = 0;
  for (const stop of stops) {
    const { position } = stop;
    if (link.gone) return;
    if (position > from) await link.down.send(head.subarray(from, position));
    from = position;
    await link.down.flushed();
    await stop.act();
  }
  if (!link.gone && from < head.length) await link.down.send(head.subarray(from));
}

/** Gives what of the body has gone out, where something is to keep it. */
async function sendBody(
  link: Link,
  next: Source['next'],
  stops: Stop[],
  { pieces, keeps }: Plan,
): Promise<Buffer | undefined> {
  const { down } = link;
  let kept: Buffer[] | undefined = keeps.length > 0 ? [] : undefined;
  let position = 0;
  const stopHere = async () => {
    while (stops[0]?.position === position && !link.gone) {
      await down.flushed();
      await stops.shift()?.act();
    }
  };
  await stopHere();
  for (let segment = await next(); segment && !link.gone; segment = await next()) {
    if (!segment.payload) {
      await down.send(segment.bytes);
      continue;
    }
    let rest = pieces.reduce((bytes, edit) => edit(bytes), segment.bytes);
    if (position + rest.length > WHOLE_AT_MOST) kept = undefined;
    kept?.push(rest);
    while (rest.length > 0 && !link.gone) {
      const room = (stops[0]?.position ?? Infinity) - position;
      const part = rest.subarray(0, Math.min(rest.length, room));
      rest = rest.subarray(part.length);
      await down.send(part);
      position += part.length;
      await stopHere();
    }
  }
  return kept && Buffer.concat(kept);
}

interface Whole {
  readonly segments: readonly Segment[];
  /** All of it is here; a longer one than can be kept is not. */
  readonly complete: boolean;
}

function asksNothing({
  headEdits,
  edits,
  pieces,
  rewrites,
  keeps,
  headCuts,
  bodyCuts,
}: Plan): boolean {
  const asked = headEdits.length + edits.length + pieces.length + rewrites.length + keeps.length;
  return asked + headCuts.length + bodyCuts.length === 0;
}

function needsWhole({ framing }: Source, { edits, rewrites, bodyCuts }: Plan): boolean {
  if (edits.length + rewrites.length > 0) return true;
  const known = framing.kind === 'length' || framing.kind === 'none';
  return !known && bodyCuts.some(({ offset }) => 'share' in offset);
}

async function collect({ next }: Source, link: Link): Promise<Whole> {
  const segments: Segment[] = [];
  let size = 0;
  for (let segment = await next(); segment && !link.gone; segment = await next()) {
    segments.push(segment);
    size += segment.bytes.length;
    if (size > WHOLE_AT_MOST) return { segments, complete: false };
  }
  return { segments, complete: true };
}

function lengthOf({ framing }: Source, whole: Whole | undefined): number {
  if (framing.kind === 'length') return framing.length;
  return whole?.complete ? payloadOf(whole).length : NaN;
}

function payloadOf({ segments }: Whole): Buffer {
  return Buffer.concat(segments.filter(({ payload }) => payload).map(({ bytes }) => bytes));
}

/** Gives the segments one after another, and then what more comes from elsewhere. */
function reader(segments: readonly Segment[], rest?: Source): Source['next'] {
  let at = 0;
  return () => {
    const segment = segments[at++];
    return segment || !rest ? Promise.resolve(segment) : rest.next();
  };
}

/** A body that is longer than this goes on as it came, whatever a fault wanted of it, and nobody keeps it. */
const WHOLE_AT_MOST = 64 * 1024 ** 2;

import { invalid } from '../../common/errors.ts';
import { show } from '../../common/show.ts';
import { placeFault } from '../placement.ts';
import type { PlannedRule, ToxicSpec } from '../rule-spec.ts';
import type { Stream } from '../stage.ts';
import { ALWAYS, parseTrigger } from '../trigger-spec.ts';
import { checkName, fieldsOf, type Fields } from './fields.ts';
import type { Toxic } from './toxic.ts';
import { UNKNOWN_STREAM, UNKNOWN_TYPE } from './toxiproxy-error.ts';
import * as toxics from './toxics/index.ts';

export type { ToxicSpec } from '../rule-spec.ts';

/** Every type of toxic there is. */
export const TOXICS: ReadonlyMap<string, Toxic> = new Map(
  Object.values(toxics).map((toxic) => [toxic.type, toxic as unknown as Toxic]),
);

/** A toxic as it was sent, as far as its name: what a name that is taken is refused by, before its attributes are read. */
export interface ToxicHead {
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  /** @throws {InvalidError} naming the attribute */
  finish(): ToxicSpec;
}

/** @throws {InvalidError} at `type` or `stream`, in Toxiproxy's words, where these are not known */
export function readToxic(value: unknown): ToxicHead {
  const fields = fieldsOf(value);
  const type = fields.text('type') ?? '';
  const stream = fields.text('stream') ?? 'downstream';
  const toxicity = fields.number('toxicity');
  const attributes = fields.object('attributes');
  const written = fields.text('name') ?? '';
  if (!STREAMS.has(stream.toLowerCase())) throw invalid(['stream'], UNKNOWN_STREAM);
  if (!TOXICS.has(type)) throw invalid(['type'], UNKNOWN_TYPE);
  const name = written === '' ? `${type}_${stream}` : written;
  return {
    name,
    type,
    stream,
    finish() {
      checkName(name, 'name');
      const none = { attributes: {}, name, type, stream, toxicity: 1 };
      return merge(none, attributes, toxicity);
    },
  };
}

/**
 * A toxic as a later body changes it: its attributes, key by key, and its toxicity. The rest of the body is not looked at.
 * @throws {InvalidError} naming the attribute
 */
export function changeToxic(toxic: ToxicSpec, value: unknown): ToxicSpec {
  const fields = fieldsOf(value);
  return merge(toxic, fields.object('attributes'), fields.number('toxicity'));
}

/** The rule that a toxic is: always on connections, whatever the upstream speaks. */
export function planToxic(toxic: ToxicSpec, upstream: string): PlannedRule {
  const { type, toxicity, attributes } = toxic;
  const stream = STREAMS.get(toxic.stream.toLowerCase()) ?? 'down';
  const planned = TOXICS.get(type)?.faults(attributes, stream) ?? [];
  const trigger = toxicity < 1 ? parseTrigger({ probability: toxicity }) : ALWAYS;
  return {
    spec: {
      on: upstream,
      inject: planned.map(({ spec }) => spec),
      ...(trigger === ALWAYS ? {} : { trigger: trigger.spec }),
      toxic,
    },
    upstream,
    faults: planned.map((fault) => {
      const placed = placeFault(fault, { ...CONNECTIONS, upstream });
      if (typeof placed === 'string') throw new Error(placed);
      // All in one phase: bytes go through them in the order in which they came.
      return { ...placed, phase: 'body' as const };
    }),
    trigger,
  };
}

/** Whether it acts on what goes up to the upstream. */
export function goesUp({ stream }: ToxicSpec): boolean {
  return stream.toLowerCase() === 'upstream';
}

function merge(
  toxic: ToxicSpec,
  written: Fields | undefined,
  toxicity = toxic.toxicity,
): ToxicSpec {
  const known = TOXICS.get(toxic.type) as Toxic;
  const attributes = Object.fromEntries(
    Object.entries(known.attributes).map(([name, { min = 0 }]) => {
      const value = written?.number(name) ?? toxic.attributes[name] ?? 0;
      if (!Number.isSafeInteger(value) || value < min) {
        const message = `expected a whole number from ${min} to ${Number.MAX_SAFE_INTEGER}, got ${show(value)}`;
        throw invalid(['attributes', name], message);
      }
      return [name, value];
    }),
  );
  const wrong = known.check?.(attributes);
  if (wrong) throw invalid(['attributes', wrong.attribute], wrong.message);
  if (!(toxicity >= 0 && toxicity <= 1))
    throw invalid(['toxicity'], `expected a share from 0 to 1, got ${show(toxicity)}`);
  return { ...toxic, attributes, toxicity };
}

const STREAMS: ReadonlyMap<string, Stream> = new Map([
  ['upstream', 'up'],
  ['downstream', 'down'],
]);
const CONNECTIONS = { protocol: 'tcp', tls: false, narrowed: false, byResponse: false } as const;

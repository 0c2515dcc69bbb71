import { pointerKeys, pointerTo, valueAt } from '../../common/json-pointer.ts';
import type { Random } from '../../common/random.ts';
import { defineFault } from '../fault.ts';
import { choice, pointer } from '../parameter.ts';

const KINDS = ['nullify', 'drop', 'type', 'empty', 'extra', 'nest'] as const;
type Kind = (typeof KINDS)[number];

export const mutate = defineFault({
  name: 'mutate',
  summary: 'wrong data derived from the real response: still JSON, no longer the shape',
  main: 'kind',
  parameters: {
    kind: choice('what is done to the value', { words: KINDS }),
    pointer: pointer('which value; a seeded draw, unless said', { optional: true }),
  },
  phase: 'body',
  onExchange(exchange, values) {
    exchange.editBody((body) => {
      const document = parse(body);
      if (document === undefined) return undefined;
      const place = values.pointer ?? draw(document, values.kind, exchange.random);
      if (place === undefined || !applies(values.kind, place, valueAt(document, place)))
        return undefined;
      return Buffer.from(JSON.stringify(edited(document, place, values.kind)));
    });
  },
});

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function draw(document: unknown, kind: Kind, random: Random): string | undefined {
  const places = [...placesOf(document)].filter((p) => applies(kind, p, valueAt(document, p)));
  return places[Math.floor(random() * places.length)];
}

function* placesOf(value: unknown, pointer = ''): Generator<string> {
  yield pointer;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* placesOf(child, pointerTo(pointer, key));
}

function applies(kind: Kind, pointer: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (kind === 'drop') return pointer !== '';
  return JSON.stringify(MUTATIONS[kind](value)) !== JSON.stringify(value);
}

function edited(document: unknown, pointer: string, kind: Kind): unknown {
  const key = pointerKeys(pointer).at(-1);
  if (key === undefined) return kind === 'drop' ? document : MUTATIONS[kind](document);
  const holder = valueAt(document, pointer.slice(0, pointer.lastIndexOf('/'))) as Record<
    string,
    unknown
  >;
  if (kind !== 'drop') holder[key] = MUTATIONS[kind](holder[key]);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return document;
}

/** Each gives the value itself where it has nothing to change. */
const MUTATIONS: Record<Exclude<Kind, 'drop'>, (value: unknown) => unknown> = {
  nullify: () => null,
  nest: (value) => ({ value }),
  extra(value) {
    if (Array.isArray(value)) return [...(value as unknown[]), EXTRA];
    return isObject(value) ? { ...value, ...EXTRA } : value;
  },
  empty(value) {
    if (Array.isArray(value)) return [];
    if (isObject(value)) return {};
    return typeof value === 'string' ? '' : value;
  },
  type(value) {
    if (Array.isArray(value)) return Object.fromEntries(value.entries());
    if (isObject(value)) return Object.values(value);
    return typeof value === 'string' ? value.length : String(value);
  },
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const EXTRA = { brownout_extra: true };

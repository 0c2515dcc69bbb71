import { pointerKeys } from '../../common/json-pointer.ts';
import { readJsonText, type JsonNode, type JsonText } from '../../common/json-text.ts';
import { defineFault } from '../fault.ts';
import { choice, pointer } from '../parameter.ts';

const KINDS = ['nullify', 'drop', 'type', 'empty', 'extra', 'nest'] as const;
type Kind = (typeof KINDS)[number];

export const mutate = defineFault({
  name: 'mutate',
  summary: 'wrong data made of the real answer: still JSON, another shape',
  main: 'kind',
  parameters: {
    kind: choice('what is done to the value', { words: KINDS }),
    pointer: pointer('which value; a seeded draw, unless said', { optional: true }),
  },
  example: { kind: 'nullify' },
  phase: 'body',
  onExchange(exchange, { kind, pointer }) {
    const mutation = MUTATIONS[kind];
    exchange.editBody((body) => {
      const json = readJsonText(body);
      if (!json) return undefined;
      const named = pointer === undefined ? json.nodes : [json.at(pointerKeys(pointer))];
      const nodes = named.filter((node) => node !== undefined && mutation.applies(node, json));
      const node = nodes[Math.floor(exchange.random() * nodes.length)];
      return node && mutation.edit(node, json);
    });
  },
});

interface Mutation {
  /** Whether it would change anything. */
  applies(node: JsonNode, json: JsonText): boolean;
  edit(node: JsonNode, json: JsonText): Buffer;
}

const MUTATIONS: Readonly<Record<Kind, Mutation>> = {
  nullify: {
    applies: (node, json) => node.kind !== 'other' || json.written(node) !== 'null',
    edit: (node, json) => json.with(node, 'null'),
  },
  drop: {
    applies: (node) => node.parent !== undefined,
    edit: (node, json) => json.without(node),
  },
  type: {
    applies: () => true,
    edit: (node, json) => json.with(node, OTHER_TYPE[node.kind](node, json)),
  },
  empty: {
    applies: (node) => node.kind !== 'other' && !isEmpty(node),
    edit: (node, json) => json.with(node, shell(node, json)),
  },
  extra: {
    applies: (node, json) =>
      node.kind === 'array' || (node.kind === 'object' && !hasMember(node, json, EXTRA)),
    edit(node, json) {
      const added = node.kind === 'array' ? `{"${EXTRA}":true}` : `"${EXTRA}":true`;
      const before = json.written(node).slice(0, -1) + (isEmpty(node) ? '' : ',');
      return json.with(node, before + added + shell(node, json).slice(1));
    },
  },
  nest: {
    applies: () => true,
    edit: (node, json) => json.with(node, `{"value":${json.written(node)}}`),
  },
};

const OTHER_TYPE: Readonly<Record<JsonNode['kind'], (node: JsonNode, json: JsonText) => string>> = {
  array: (node, json) =>
    `{${valuesIn(node, json)
      .map((v, i) => `"${i}":${v}`)
      .join(',')}}`,
  object: (node, json) => `[${valuesIn(node, json).join(',')}]`,
  string: (node, json) => String((json.read(node) as string).length),
  other: (node, json) => `"${json.written(node)}"`,
};

function valuesIn(node: JsonNode, json: JsonText): string[] {
  return json.children(node).map((child) => json.written(child));
}

function hasMember(node: JsonNode, json: JsonText, name: string): boolean {
  return json.children(node).some(({ key }) => key && json.read(key) === name);
}

/** An object, array or string without what is in it. */
function shell({ start, end }: JsonNode, json: JsonText): string {
  return json.written({ start, end: start + 1 }) + json.written({ start: end - 1, end });
}

function isEmpty({ kind, start, end, index, next }: JsonNode): boolean {
  return kind === 'string' ? end - start === 2 : next === index + 1;
}

const EXTRA = 'brownout_extra';

interface Part {
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/** A value in a JSON text, by where it stands. */
export interface JsonNode extends Part {
  readonly kind: 'object' | 'array' | 'string' | 'other';
  /** Where it is a member of an object. */
  readonly key: Part | undefined;
  readonly parent: JsonNode | undefined;
  readonly index: number;
  /** The index behind its last descendant: its next sibling's, if it has one. */
  readonly next: number;
}

/** JSON as it is written, for edits that leave all else as it came: big numbers, white space, the order of members. */
export interface JsonText {
  /** Every value, each before those that it holds. */
  readonly nodes: readonly JsonNode[];
  /** Where keys lead to. Of two members of one name the last counts, as in `JSON.parse`. */
  at(keys: readonly string[]): JsonNode | undefined;
  children(node: JsonNode): readonly JsonNode[];
  /** What a key or a value says. */
  read(part: Part): unknown;
  /** As it stands in the text, one character a byte. */
  written(part: Part): string;
  with(node: JsonNode, written: string): Buffer;
  /** Without an element or member; its comma goes with it. */
  without(node: JsonNode): Buffer;
}

/** Undefined where `bytes` are no JSON. Nothing recurses: any depth will do that `JSON.parse` takes. */
export function readJsonText(bytes: Buffer): JsonText | undefined {
  // All that gives JSON its structure is ASCII: as latin1 the places in the text are those in the bytes.
  const text = bytes.toString('latin1').replace(BYTE_ORDER_MARK, '');
  if (!isJson(text)) return undefined;
  const nodes = nodesOf(text);
  const read: JsonText['read'] = ({ start, end }) =>
    JSON.parse(Buffer.from(text.slice(start, end), 'latin1').toString());
  const spliced = (start: number, end: number, written: string) =>
    Buffer.from(text.slice(0, start) + written + text.slice(end), 'latin1');

  const children: JsonText['children'] = (node) => {
    const found: JsonNode[] = [];
    for (let i = node.index + 1; i < node.next; i = nodes[i]?.next ?? node.next)
      found.push(nodes[i] as JsonNode);
    return found;
  };

  return {
    nodes,
    children,
    read,
    at(keys) {
      let here = nodes[0];
      for (const key of keys) {
        if (!here) return undefined;
        const inside = children(here);
        if (here.kind !== 'array')
          here = inside.findLast((child) => child.key && read(child.key) === key);
        else here = ARRAY_INDEX.test(key) ? inside[Number(key)] : undefined;
      }
      return here;
    },
    written: ({ start, end }) => text.slice(start, end),
    with: ({ start, end }, written) => spliced(start, end, written),
    without(node) {
      const start = (node.key ?? node).start;
      const after = nodes[node.next];
      if (after && after.parent === node.parent)
        return spliced(start, (after.key ?? after).start, '');
      const before = node.parent && children(node.parent).at(-2);
      return spliced(before?.end ?? start, node.end, '');
    },
  };
}

function nodesOf(text: string): JsonNode[] {
  const nodes: Writable<JsonNode>[] = [];
  let holder: JsonNode | undefined;
  let key: JsonNode['key'];
  for (let at = 0; at < text.length;) {
    const opened = OPENING[text.charAt(at)];
    if (opened) holder = add(opened, at, at++);
    else if (text[at] === '}' || text[at] === ']') {
      at++;
      Object.assign(holder as JsonNode, { end: at, next: nodes.length });
      holder = holder?.parent;
    } else if (text[at] === '"') {
      const start = at;
      at = stringEnd(text, start);
      if (holder?.kind === 'object' && !key) key = { start, end: at };
      else add('string', start, at);
    } else {
      WORD.lastIndex = at;
      const length = WORD.exec(text)?.[0].length ?? 0;
      if (length > 0) add('other', at, at + length);
      at += Math.max(length, 1);
    }
  }
  return nodes;

  function add(kind: JsonNode['kind'], start: number, end: number): JsonNode {
    const index = nodes.length;
    const node = { kind, start, end, key, parent: holder, index, next: index + 1 };
    nodes.push(node);
    key = undefined;
    return node;
  }
}

/** Behind the closing quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let slash = quote;
    while (text[slash - 1] === '\\') slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const OPENING: Readonly<Record<string, 'object' | 'array' | undefined>> = {
  '{': 'object',
  '[': 'array',
};
/** A number, true, false or null. */
const WORD = /[-+.\w]*/y;
const ARRAY_INDEX = /^(0|[1-9]\d*)$/;
/** In UTF-8, one character a byte. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** Something that is wrong at an offset of a text. */
export interface Pitfall {
  readonly offset: number;
  readonly message: string;
}

/**
 * What no such file needs, and what would take the parser all the memory or stack there is: looked for before it begins.
 * At the end of its stack it can take the whole process with it.
 */
export function tooMuch(text: string): Pitfall | undefined {
  return controlIn(text) ?? tooDeep(text);
}

/** YAML allows none, its parser does. */
function controlIn(text: string): Pitfall | undefined {
  const offset = text.search(CONTROL);
  if (offset < 0) return undefined;
  const code = text.charCodeAt(offset).toString(16).padStart(4, '0');
  return { offset, message: `a control character, U+${code}, cannot stand here as it is` };
}

/** Of brackets that are open, or columns of indentation. */
function tooDeep(text: string): Pitfall | undefined {
  const message = 'nested too deeply';
  let depth = 0;
  let start = 0;
  for (const line of text.split('\n')) {
    const [blocks = ''] = /^ *(?:[-?:]\s+)*/.exec(line) ?? [];
    if (blocks.length > MOST_DEPTH) return { offset: start + MOST_DEPTH, message };
    for (let column = 0; column < line.length; column++) {
      const character = line[column];
      if (character === '[' || character === '{') depth++;
      else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
      if (depth > MOST_DEPTH) return { offset: start + column, message };
    }
    start += line.length + 1;
  }
  return undefined;
}

/** More values than any such file has. */
export function tooMany(text: string): Pitfall | undefined {
  if (text.length <= MOST_VALUES) return undefined;
  let [values, offset] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR && ++values > MOST_VALUES)
      return { offset, message: `too many values: at most ${MOST_VALUES} are read` };
    if (!MARKS.has(token)) offset += token.length;
  }
  return undefined;
}

/**
 * What YAML allows and nobody means: a key that counts twice, a tag that would be passed over, a value that is endless or that
 * its aliases make huge.
 */
export function pitfallsOf(document: Document.Parsed): Pitfall[] {
  const found: Pitfall[] = [];
  const add = (node: Node, message: string) =>
    void found.push({ offset: node.range?.[0] ?? 0, message });
  // An anchor may be set anew: an alias means the last before it.
  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  const resolve = (node: unknown) => (isAlias(node) ? targets.get(node) : node);
  const maps: YAMLMap[] = [];

  visit(document, {
    Node(_, node, path) {
      if (isAlias(node)) checkAlias(node, path);
      else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (node.tag !== undefined && !TAGS.has(node.tag))
        add(node, `unknown tag ${shortTag(node.tag)}: write the value without a tag`);
      if (isMap(node)) maps.push(node);
    },
  });
  for (const { items } of maps) checkKeys(items);
  if (found.length === 0) checkSize();
  return found;

  function checkAlias(alias: Alias, path: readonly unknown[]) {
    const target = anchors.get(alias.source);
    if (!target) add(alias, `unknown alias *${alias.source}: its anchor must stand before it`);
    else if (path.includes(target)) add(alias, `*${alias.source} would contain itself`);
    else targets.set(alias, target);
  }

  function checkKeys(pairs: readonly Pair[]) {
    const seen = new Set<string>();
    for (const { key: written } of pairs) {
      const key = resolve(written);
      if (isCollection(key)) add(written as Node, 'a key must be text, not a list or map');
      if (!isScalar(key) || !isNode(written)) continue;
      const name = String(key.value);
      if (seen.has(name)) add(written, `the key "${name}" stands here twice`);
      seen.add(name);
      if (name === '__proto__') add(written, 'no key can have the name __proto__');
      if (name === '<<' && key.type === 'PLAIN')
        add(written, 'keys are not merged by <<: write them out, or give a whole value an alias');
    }
  }

  /** Aliases of aliases multiply: a page of text can stand for more values than there is memory. */
  function checkSize() {
    const sizes = new Map<unknown, number>();
    let told = false;
    measure(document.contents);

    function measure(node: unknown): number {
      const known = isAlias(node) ? sizes.get(resolve(node)) : undefined;
      if (known !== undefined) return known;
      let size = 1;
      for (const one of below(node)) {
        size += measure(one);
        if (size <= MOST_VALUES || told) continue;
        told = true;
        add(one as Node, `with its aliases too large: at most ${MOST_VALUES} values are read`);
      }
      sizes.set(node, size);
      return size;
    }
  }
}

function below(node: unknown): readonly unknown[] {
  if (isSeq(node)) return node.items;
  return isMap(node) ? node.items.map(({ value }) => value) : [];
}

function shortTag(tag: string): string {
  return tag.replace(/^tag:yaml\.org,2002:/, '!!');
}

/** What the lexer puts before a scalar. */
const SCALAR = '\u001f';
/** What stands in no text, but among the lexer's tokens. */
const MARKS: ReadonlySet<string> = new Set([SCALAR, '\u0002', '\u0018']);
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);
const MOST_DEPTH = 500;
const MOST_VALUES = 100_000;

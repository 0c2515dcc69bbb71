import { expect } from 'chai';
import { assert, constantFrom, json, jsonValue, nat, property, tuple } from 'fast-check';
import { readJsonText, type JsonNode, type JsonText } from '../../src/common/json-text.ts';

/** JSON as someone might write it: with white space, and members of any name. */
const written = tuple(jsonValue(), constantFrom(undefined, 1, '\t', '\n ')).map(([value, space]) =>
  JSON.stringify(value, null, space),
);

function read(text: string): JsonText {
  const found = readJsonText(Buffer.from(text));
  if (!found) throw new Error(`no JSON: ${text}`);
  return found;
}

/** The keys that lead to a value, as `JSON.parse` numbers and names them. */
function keysTo(text: JsonText, node: JsonNode): string[] {
  if (!node.parent) return [];
  const siblings = text.children(node.parent);
  const own = node.key ? (text.read(node.key) as string) : String(siblings.indexOf(node));
  return [...keysTo(text, node.parent), own];
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((here, key) => (here as Record<string, unknown>)[key], value);
}

describe('JSON as it is written', () => {
  it('has each value where JSON.parse has it', () => {
    assert(
      property(written, (text) => {
        const found = read(text);
        for (const node of found.nodes) {
          const keys = keysTo(found, node);
          expect(found.read(node)).to.deep.equal(valueAt(JSON.parse(text), keys));
          expect(found.at(keys)).to.equal(node);
        }
        expect(found.nodes).to.have.length(count(JSON.parse(text)));
      }),
    );
  });

  it('is edited at one place, and nowhere else', () => {
    assert(
      property(written, nat(), (text, draw) => {
        const found = read(text);
        const node = found.nodes[draw % found.nodes.length] as JsonNode;
        const bytes = Buffer.from(text);
        const edited = found.with(node, '"put"');
        expect(edited.subarray(0, node.start)).to.deep.equal(bytes.subarray(0, node.start));
        expect(edited.subarray(node.start + 5)).to.deep.equal(bytes.subarray(node.end));
        expect(valueAt(JSON.parse(edited.toString()), keysTo(found, node))).to.equal('put');
      }),
    );
  });

  it('is JSON still without any of its members or elements', () => {
    assert(
      property(written, (text) => {
        const found = read(text);
        for (const node of found.nodes) {
          if (!node.parent) continue;
          const rest = read(found.without(node).toString());
          expect(rest.nodes).to.have.length(found.nodes.length - (node.next - node.index));
        }
      }),
    );
  });

  it('is read whatever a fuzzer thinks of', () => {
    assert(
      property(json(), (text) => {
        expect(read(text).read(read(text).nodes[0] as JsonNode)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  for (const text of ['', '{', '[1,]', 'nul', '{"a":1}}', "{'a':1}", '"\u0001"']) {
    it(`is not read from ${JSON.stringify(text)}`, () => {
      expect(readJsonText(Buffer.from(text))).to.equal(undefined);
    });
  }

  it('knows an escaped quote, and a backslash before a quote that is none', () => {
    const text = String.raw`["a\"]", "b\\", "\\\"", "c"]`;
    expect(
      read(text)
        .nodes.map((node) => read(text).read(node))
        .slice(1),
    ).to.deep.equal(JSON.parse(text));
  });

  it('takes the last of two members with one name, as JSON.parse does', () => {
    const found = read('{"a":1,"b":2,"a":3}');
    expect(found.read(found.at(['a']) as JsonNode)).to.equal(3);
  });

  it('is read at any depth that JSON.parse takes', () => {
    const depth = 200_000;
    const found = read('['.repeat(depth) + ']'.repeat(depth));
    expect(found.nodes).to.have.length(depth);
    expect(found.nodes.at(-1)).to.include({ start: depth - 1, end: depth + 1 });
  });
});

function count(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + count(inner), 1);
}

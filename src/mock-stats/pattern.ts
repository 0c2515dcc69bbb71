/** The parts of a path pattern such as `/stats/:product/:user`; a part with a colon stands for any one segment. */
export type Pattern = readonly string[];

/** Reads a pattern; undefined where the text is none. */
export function parsePattern(text: string): Pattern | undefined {
  return /^(\/[^/\s?#]+)+$/.test(text) ? text.split('/').slice(1) : undefined;
}

/** What stands for each `:part` of `pattern` in a decoded path, in order; undefined when they do not match. */
export function matchPattern(pattern: Pattern, path: string): string[] | undefined {
  const [root, ...segments] = path.split('/');
  if (root !== '' || segments.length !== pattern.length) return undefined;
  const values: string[] = [];
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i] ?? '';
    if (part.startsWith(':') && segment !== '') values.push(segment);
    else if (part !== segment) return undefined;
  }
  return values;
}

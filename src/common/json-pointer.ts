/** What `pointer` (RFC 6901) leads to in `value`; undefined where it leads nowhere. */
export function valueAt(value: unknown, pointer: string): unknown {
  let here = value;
  for (const key of pointerKeys(pointer)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    if (Array.isArray(here) && key === 'length') return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

/** The keys of a pointer, unescaped: `/a~1b/0` gives `['a/b', '0']`. */
export function pointerKeys(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer one step below `pointer`. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

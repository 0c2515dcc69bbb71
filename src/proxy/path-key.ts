/**
 * What all paths that fit a pattern have in common: the one path there is, without slashes at its end, or the first
 * segment. A key never tells that a path fits, only that no other can.
 */
export type PathKey = { readonly path: string } | { readonly segment: string };

/** A pattern takes one slash more than it says, so that slashes at the end do not tell paths apart. */
export function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === SLASH) end--;
  return end === path.length ? path : path.slice(0, end);
}

/** The first segment, where a slash follows it: `stats` of `/stats/ann`. */
export function firstSegment(path: string): string | undefined {
  if (path.charCodeAt(0) !== SLASH) return undefined;
  const end = path.indexOf('/', 1);
  return end < 0 ? undefined : path.slice(1, end);
}

const SLASH = 47;

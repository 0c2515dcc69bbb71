/** The repository's root, seen from the compiled tests. */
export const root = new URL('../../../', import.meta.url);

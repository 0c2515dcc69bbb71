/**
 * The path that a raw request target asks for, percent-decoded as the original's WSGI server does it, that is before anything
 * is routed: `%2F` becomes a separator, a stray `%` stays as it is, bytes that are not UTF-8 become U+FFFD. Never throws.
 */
export function decodedPath(target: string): string {
  const [path = ''] = target.replace(ABSOLUTE_FORM, '').split(/[?#]/, 1);
  const bytes = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  // Each character now stands for one byte; together they are UTF-8.
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const ABSOLUTE_FORM = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

import * as fc from 'fast-check';

/** A request and its response, as they are sent. */
export interface Pair {
  readonly request: string;
  readonly response: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  /** Only the end of the connection ends the response. */
  readonly closes: boolean;
}

/** Exchanges of one connection; only the last may end it. */
export function conversations(): fc.Arbitrary<readonly Pair[]> {
  const middle = fc.array(pair(false), { maxLength: 4 });
  return fc.tuple(middle, fc.boolean().chain(pair)).map(([pairs, last]) => [...pairs, last]);
}

/** Cuts bytes at random places: all of them, a few, or none. */
export function cuts(): fc.Arbitrary<(bytes: Buffer) => Buffer[]> {
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
  const few = places.map((shares) => (bytes: Buffer) => {
    const at = [...new Set(shares.map((share) => Math.floor(share * bytes.length)))].sort(
      (a, b) => a - b,
    );
    return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
  });
  const everywhere = fc.constant((bytes: Buffer) =>
    // Bytes one by one prove as much of the first 600 as of a million.
    [...bytes.subarray(0, 600)].map((_, i) => bytes.subarray(i, i + 1)).concat(bytes.subarray(600)),
  );
  return fc.oneof({ arbitrary: few, weight: 4 }, { arbitrary: everywhere, weight: 1 });
}

function pair(closes: boolean): fc.Arbitrary<Pair> {
  return fc
    .record({
      method: fc.constantFrom(
        'GET',
        'HEAD',
        'POST',
        'PUT',
        'DELETE',
        'OPTIONS',
        'BREW',
        'm-search',
      ),
      target: fc.oneof(
        fc.webPath().map((path) => path || '/'),
        fc.constantFrom('*', '/a?b=c#d', '//'),
      ),
      requestFields: fields(),
      requestBody: fc.oneof(fc.constant({ fields: [], text: '' }), framed()),
      status: fc.constantFrom(200, 201, 204, 206, 301, 304, 404, 418, 500, 599),
      reason: fc.constantFrom(' OK', ' ', '', ' Not \xe9ven'),
      interim: fc.array(fc.tuple(fc.constantFrom(100, 102, 103, 199), fields()), { maxLength: 2 }),
      responseFields: fields(),
      responseBody: framed(),
    })
    .map((drawn) => {
      const { method, target, status } = drawn;
      const bodiless = method === 'HEAD' || status === 204 || status === 304;
      const ends = closes && !bodiless;
      const body = drawn.responseBody;
      return {
        method,
        target,
        status,
        closes: ends,
        request:
          message(`${method} ${target} HTTP/1.1`, drawn.requestFields, drawn.requestBody.fields) +
          drawn.requestBody.text,
        response:
          drawn.interim.map(([code, lines]) => message(`HTTP/1.1 ${code} Wait`, lines)).join('') +
          message(
            `HTTP/1.1 ${status}${drawn.reason}`,
            drawn.responseFields,
            ends ? [] : body.fields,
          ) +
          (bodiless ? '' : body.text),
      };
    });
}

function message(start: string, ...fields: readonly (readonly string[])[]): string {
  return [start, ...fields.flat(), '', ''].join('\r\n');
}

function fields(): fc.Arbitrary<string[]> {
  const name = fc.oneof(
    fc.constantFrom(
      'Host',
      'accept',
      'X-Long-Name',
      'x-a',
      'COOKIE',
      'Date',
      '__proto__',
      'Trailer',
    ),
    fc
      .string({
        unit: fc.constantFrom(...'abXY09-_.!#$%&|~'.split('')),
        minLength: 1,
        maxLength: 9,
      })
      .map((s) => `q${s}`),
  );
  const value = fc.string({
    unit: fc.constantFrom(...' \tabC:,;="/\\\xe9\xff\x80'.split('')),
    maxLength: 20,
  });
  return fc.array(
    fc.tuple(name, value).map(([name, value]) => `${name}:${value}`),
    { maxLength: 5 },
  );
}

/** A body with the fields that say where it ends. */
function framed(): fc.Arbitrary<{ fields: readonly string[]; text: string }> {
  return fc.oneof(
    content().map((text) => ({ fields: [`Content-Length: ${text.length}`], text })),
    fc
      .tuple(fc.array(chunk(), { maxLength: 5 }), fc.constantFrom('0', '000', '0;x="y"'), fields())
      .map(([chunks, last, trailers]) => ({
        fields: ['transfer-encoding:\tChunked '],
        text: chunks.join('') + message(last, trailers),
      })),
  );
}

function chunk(): fc.Arbitrary<string> {
  const extension = fc.constantFrom('', '', ';a', ' ; a=b', ';q="\\";"');
  const written = fc.tuple(fc.boolean(), fc.nat(3));
  return fc
    .tuple(content().filter(Boolean), extension, written)
    .map(([text, extension, [upper, zeros]]) => {
      const hex = text.length.toString(16);
      return `${'0'.repeat(zeros)}${upper ? hex.toUpperCase() : hex}${extension}\r\n${text}\r\n`;
    });
}

/** Bytes that are often mistaken for framing. */
function content(): fc.Arbitrary<string> {
  const pieces = fc.constantFrom(
    'a',
    '\r\n',
    '\r\n\r\n',
    '0\r\n\r\n',
    '\0',
    '\xff',
    'HTTP/1.1 200 OK\r\n\r\n',
    'GET / HTTP/1.1\r\n',
    '7f',
  );
  return fc.oneof(
    { arbitrary: fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')), weight: 8 },
    { arbitrary: fc.nat(200_000).map((length) => 'big '.repeat(length / 4)), weight: 1 },
  );
}

export const HEADERS = 'Host: localhost\r\nContent-Type: application/json\r\n';

/** Requests that hold another, for those who do not agree on where one ends. */
export function smuggled(): readonly (readonly [what: string, text: string])[] {
  const inner = `DELETE /v1/rules HTTP/1.1\r\n${HEADERS}\r\n`;
  const post = (headers: string, body: string) =>
    `POST /v1/rules HTTP/1.1\r\n${HEADERS}${headers}\r\n\r\n${body}`;
  const length = inner.length;
  return [
    ['both lengths', post(`Content-Length: 5\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${inner}`)],
    [
      'both lengths, the other way',
      post(`Transfer-Encoding: chunked\r\nContent-Length: ${length}`, `0\r\n\r\n${inner}`),
    ],
    ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${length}`, inner)],
    ['a length with a sign', post(`Content-Length: +0`, inner)],
    ['a length list', post(`Content-Length: 0, ${length}`, inner)],
    ['an unknown encoding', post(`Transfer-Encoding: xchunked`, `0\r\n\r\n${inner}`)],
    [
      'an encoding that is not last',
      post(`Transfer-Encoding: chunked, identity`, `0\r\n\r\n${inner}`),
    ],
    [
      'a folded header',
      post(`Transfer-Encoding:\r\n chunked\r\nContent-Length: 3`, `0\r\n\r\n${inner}`),
    ],
    ['a space before the colon', post(`Content-Length : 0`, inner)],
    [
      'a chunk size that overflows',
      post(`Transfer-Encoding: chunked`, `fffffffffffffffff\r\n${inner}`),
    ],
    ['a chunk size with a sign', post(`Transfer-Encoding: chunked`, `+0\r\n\r\n${inner}`)],
    [
      'a bare line feed in the head',
      `GET /v1 HTTP/1.1\n${HEADERS.replaceAll('\r', '')}Content-Length: 0\n\n${inner}`,
    ],
    ['an old version', `POST /v1/rules HTTP/0.9\r\n${HEADERS}\r\n${inner}`],
    ['an upgrade', `POST /v1/rules HTTP/2.0\r\n${HEADERS}Upgrade: h2c\r\n\r\n${inner}`],
    ['a NUL in a header', post(`x: a\0b\r\nContent-Length: 0`, inner)],
  ];
}

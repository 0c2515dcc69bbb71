import { expect } from 'chai';
import { rawClient, type RawAnswer } from '../../helpers/raw-client.ts';
import { usePortal } from '../use-portal.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ADA = JSON.stringify({ email: 'ada@example.test', password: 'ada-plays-fair' });
const LIMIT = 16 * 1024;

describe('portal: bodies', () => {
  const system = usePortal();

  const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
    system.portal.send('POST', '/token/', { headers, body });

  for (const type of [
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'APPLICATION/JSON',
    'application/vnd.portal+json',
  ]) {
    it(`${type} is JSON`, async () => {
      expect((await post(ADA, { 'content-type': type })).status).to.equal(200);
    });
  }

  for (const [type, encoding] of [
    ['application/json; charset=iso-8859-1', undefined],
    ['application/json; charset=utf-16', undefined],
    ['text/json', undefined],
    ['application/x-www-form-urlencoded', undefined],
    ['multipart/form-data; boundary=x', undefined],
    ['application/xml', undefined],
    ['junk', undefined],
    ['application/json', 'br'],
    ['application/json', 'identity, gzip'],
  ] as const) {
    it(`${type} ${encoding ?? ''} is a 415 (row 60)`, async () => {
      const headers = { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) };
      const { status, body } = await post(ADA, headers);
      expect(status).to.equal(415);
      expect(body).to.include({ status: 415, code: 'unsupported_media_type' });
    });
  }

  for (const [what, bytes] of [
    ['a byte that is no UTF-8', Buffer.from('{"email":"\xff"}', 'latin1')],
    ['half a character', Buffer.from('{"email":"\xf0\x9f"}', 'latin1')],
    ['half a pair in UTF-8', Buffer.from('{"email":"\xed\xa0\x80"}', 'latin1')],
    ['a NUL', Buffer.from('{"email":"\0"}')],
    ['UTF-16', Buffer.from('{"email":"ada"}', 'utf16le')],
    ['two documents', Buffer.from('{}{}')],
  ] as const) {
    it(`${what} is malformed JSON (row 50)`, async () => {
      const { status, body } = await post(bytes);
      expect(status).to.equal(400);
      expect(body).to.include({ detail: 'JSON is malformed.', code: 'malformed_json' });
    });
  }

  for (const [what, body] of [
    ['lists', `${'['.repeat(8000)}${']'.repeat(8000)}`],
    ['lists in a field', `{"email":${'['.repeat(8000)}${']'.repeat(8000)}}`],
    ['objects', `${'{"a":'.repeat(2700)}1${'}'.repeat(2700)}`],
    ['objects in an unknown field', `{"x":${'{"a":'.repeat(2600)}1${'}'.repeat(2600)}}`],
  ] as const) {
    it(`${what} as deep as the body has room for are a 400`, async () => {
      const { status, body: problem } = await post(body);
      expect(status).to.equal(400);
      expect(problem).to.include({ detail: 'JSON is nested too deeply.' });
      expect(system.portal.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  }

  it('a wide body is read to its end', async () => {
    const fields = Array.from({ length: 1000 }, (_, i) => `"f${i}":[[]]`);
    expect((await post(`{${fields.join()}}`)).body.errors).to.have.length(2);
  });

  it('the last byte that fits is taken, and one more is a 413 (row 60)', async () => {
    const padded = (length: number) => ADA.slice(0, -1) + ' '.repeat(length - ADA.length) + '}';
    expect((await post(padded(LIMIT))).status).to.equal(200);
    const { status, body } = await post(padded(LIMIT + 1));
    expect(status).to.equal(413);
    expect(body).to.include({ status: 413, code: 'body_too_large' });
  });

  it('a client that goes on sending still reads its 413 (row 60)', async () => {
    const client = rawClient(system.portal.url);
    client.send('POST /token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    client.send(`Content-Length: ${50 * 1024 * 1024}\r\n\r\n`);
    for (let i = 0; i < 20; i++) client.send('x'.repeat(64 * 1024));
    expect(((await client.answer()) as RawAnswer).status).to.equal(413);
    client.destroy();
  });

  it('a body where none is wanted does no harm', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) {
      const { status } = await system.portal.send(method, '/health', {
        headers: { 'content-type': 'text/junk' },
        body: 'x'.repeat(100_000),
      });
      expect(status).to.be.oneOf([200, 204]);
    }
  });
});

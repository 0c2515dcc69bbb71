import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import { expect } from 'chai';
import { BODY, GET, ROWS, send, withRig } from '../rig.ts';
import { withBody } from './with-body.ts';

const ENCODINGS = {
  gzip: { encode: gzipSync, decode: gunzipSync },
  deflate: { encode: deflateSync, decode: inflateSync },
  br: { encode: brotliCompressSync, decode: brotliDecompressSync },
} as const;

describe('an edit of the body', () => {
  for (const [encoding, { encode, decode }] of Object.entries(ENCODINGS)) {
    it(`is done inside ${encoding}, and framed anew`, () =>
      withBody(encode(BODY), { 'content-encoding': encoding }, async ({ control, url }) => {
        const inject = { mutate: 'nullify', pointer: '/0/score' };
        await control.add([{ on: 'leaderboard', inject }]);
        const { body, response } = await send(`${url}/leaderboards/duke`);
        expect(response.headers).to.include({ 'content-encoding': encoding });
        expect(response.headers['content-length']).to.equal(String(body.length));
        const rows: unknown = JSON.parse(decode(body).toString());
        expect(rows).to.deep.equal([{ ...ROWS[0], score: null }, ROWS[1]]);
      }));
  }

  for (const encoding of ['zstd-unknown', 'constructor', 'gzip']) {
    it(`leaves a body alone that is not what content-encoding: ${encoding} says`, () =>
      withBody(BODY, { 'content-encoding': encoding }, async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: ['malformed-json', { mutate: 'drop' }] }]);
        const client = connect();
        client.send('GET /leaderboards/duke HTTP/1.0\r\n\r\n');
        await client.ended;
        expect(client.text).to.include(BODY);
        expect((await completed(1))[0]).to.deep.include({ end: 'answered', injected: [] });
      }));
  }

  it('takes the place of a chunked body and of its trailers', () =>
    withRig(
      {
        handler(_request, response) {
          response.writeHead(200, { trailer: 'x-sum', 'set-cookie': ['a=1', 'b=2'] });
          response.write(BODY.slice(0, 10));
          response.addTrailers({ 'x-sum': '1' });
          response.end(BODY.slice(10));
        },
      },
      async ({ control, url }) => {
        await control.add([{ on: 'leaderboard', inject: { mutate: 'empty', pointer: '' } }]);
        const { response, body } = await send(`${url}/leaderboards/duke`);
        expect(body.toString()).to.equal('[]');
        expect(response.headers).not.to.have.any.keys('transfer-encoding', 'trailer');
        expect(response.headers['content-length']).to.equal('2');
        expect(response.headers['set-cookie']).to.deep.equal(['a=1', 'b=2']);
      },
    ));

  it('leaves an answer to HEAD alone', () =>
    withRig({}, async ({ control, url, completed }) => {
      await control.add([{ on: 'stats', inject: { mutate: 'nullify' } }]);
      const { response } = await send(`${url}/leaderboards/duke`, { method: 'HEAD' });
      expect(response.headers['content-length']).to.equal(String(BODY.length));
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));

  it('is what a broken framing is made of, where a rule does both', () =>
    withRig({}, async ({ control, connect, completed }) => {
      const inject = [{ mutate: 'nullify', pointer: '/0/score' }, { 'wrong-length': -1 }];
      await control.add([{ on: 'leaderboard', inject }]);
      const client = connect();
      client.send(GET);
      const edited = JSON.stringify([{ ...ROWS[0], score: null }, ROWS[1]]);
      await client.until((text) => text.endsWith(']'));
      expect(client.text.slice(client.text.indexOf('\r\n\r\n') + 4)).to.equal(edited);
      expect(client.text).to.match(new RegExp(`^content-length: ${edited.length - 1}\r$`, 'im'));
      const [entry] = await completed(1);
      expect(entry?.injected.map(({ fault }) => fault)).to.deep.equal(['mutate', 'wrong-length']);
    }));
});

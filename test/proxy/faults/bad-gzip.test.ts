import { brotliCompressSync, constants, createGunzip, gunzipSync, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { BODY, GET, ROWS, send, withRig } from '../rig.ts';
import { withBody } from './with-body.ts';

const half = Math.floor(BODY.length / 2);

/** What a client gets of a gzip stream before it breaks; undefined as the error where it does not. */
async function unpacked(bytes: Buffer): Promise<{ text: string; error: unknown }> {
  // Byte by byte: what comes before the break comes out of the stream before it fails.
  const gunzip = Readable.from([...bytes].map((byte) => Buffer.from([byte]))).pipe(
    createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  );
  let text = '';
  try {
    for await (const chunk of gunzip) text += String(chunk);
    return { text, error: undefined };
  } catch (error) {
    return { text, error };
  }
}

describe('bad-gzip on the wire', () => {
  for (const [what, body, headers] of [
    ['a plain body', BODY, {}],
    ['a body that is gzip already', gzipSync(BODY), { 'content-encoding': 'gzip' }],
  ] as const) {
    it(`breaks in the middle of ${what}, in a healthy framing, on every exchange of a connection`, () =>
      withBody(body, headers, async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: 'bad-gzip' }]);
        const client = connect();
        for (let i = 1; i <= 2; i++) {
          client.send(GET);
          const answer = await client.answer();
          if (typeof answer === 'string') throw new Error(answer);
          expect(answer.status).to.equal(200);
          expect(answer.head).to.match(/^content-encoding: gzip$/im);
          expect(answer.head).not.to.match(/transfer-encoding/i);
          const { text, error } = await unpacked(Buffer.from(answer.body, 'latin1'));
          expect(error).to.have.property('code', 'Z_DATA_ERROR');
          expect(text).to.equal(BODY.slice(0, half));
          const entry = (await completed(i))[i - 1];
          expect(entry).to.include({ status: 200, end: 'answered', bytesOut: answer.raw.length });
          expect(entry?.injected[0]).to.include({ fault: 'bad-gzip', phase: 'body' });
        }
      }));
  }

  it('is an error to fetch', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: 'bad-gzip', trigger: { first: 1 } }]);
      const read = async () => (await fetch(`${url}/leaderboards/duke`)).json();
      expect(await read().catch((error: unknown) => error)).to.be.an('error');
      expect(await read()).to.deep.equal(ROWS);
    }));

  it('packs what is encoded otherwise once more', () =>
    withBody(brotliCompressSync(BODY), { 'content-encoding': 'br' }, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: 'bad-gzip' }]);
      const { response, body } = await send(`${url}/leaderboards/duke`);
      expect(response.headers['content-encoding']).to.equal('br, gzip');
      expect(() => gunzipSync(body)).to.throw();
    }));

  it('does not act on what is no gzip, though it says so: it is broken already', () =>
    withBody(BODY, { 'content-encoding': 'gzip' }, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: 'bad-gzip' }]);
      expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal(BODY);
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));

  it('leaves an answer to HEAD alone', () =>
    withRig({}, async ({ control, url, completed }) => {
      await control.add([{ on: 'stats', inject: 'bad-gzip' }]);
      const { response } = await send(`${url}/leaderboards/duke`, { method: 'HEAD' });
      expect(response.headers['content-encoding']).to.equal(undefined);
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));
});

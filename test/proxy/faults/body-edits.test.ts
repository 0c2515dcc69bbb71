import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import { expect } from 'chai';
import { assert, asyncProperty, json } from 'fast-check';
import { BODY, ROWS, send, withRig, type Rig } from '../rig.ts';

const ENCODINGS = {
  gzip: { encode: gzipSync, decode: gunzipSync },
  deflate: { encode: deflateSync, decode: inflateSync },
  br: { encode: brotliCompressSync, decode: brotliDecompressSync },
} as const;

/** A rig whose upstream answers with `body`, as `rig.next` says. */
function withBody(
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
  test: (rig: Rig) => Promise<void>,
): Promise<void> {
  return withRig(
    {
      handler(_request, response) {
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        response.end(body);
      },
    },
    test,
  );
}

describe('malformed-json on the wire', () => {
  it('never parses, whatever JSON the upstream sends and wherever it is cut', () => {
    let body = '';
    return withRig(
      { handler: (_request, response) => void response.end(body) },
      async ({ control, url }) => {
        await control.add([{ on: 'leaderboard', inject: 'malformed-json', trigger: { every: 2 } }]);
        const cuts = ['0%', '10%', '99%', '100%', '1B', '3B', '1MB'];
        for (const at of cuts) {
          await control.replace('r1', { on: 'leaderboard', inject: { 'malformed-json': at } });
          await assert(
            asyncProperty(json(), async (generated) => {
              body = generated;
              const answer = await send(`${url}/leaderboards/duke`);
              expect(answer.status).to.equal(200);
              expect(() => JSON.parse(answer.body.toString()), answer.body.toString()).to.throw();
            }),
            { numRuns: 40 },
          );
        }
      },
    );
  }).timeout(60_000);

  it('does not act on what is no JSON and would stay as it is', () =>
    withBody('"abc', {}, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'malformed-json': '100%' } }]);
      expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal('"abc');
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));

  it('is not fooled by a byte order mark that the client will drop', () =>
    withBody('\uFEFF[1]', {}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { 'malformed-json': '100%' } }]);
      const { body } = await send(`${url}/leaderboards/duke`);
      expect(() => JSON.parse(new TextDecoder().decode(body))).to.throw();
    }));
});

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
});

describe('mutate on the wire', () => {
  const at = async ({ control, url }: Rig, inject: unknown, seedRun = 0): Promise<unknown> => {
    await control.clear();
    await control.add([{ on: 'leaderboard', inject, trigger: { first: 1 + seedRun } }]);
    return JSON.parse((await send(`${url}/leaderboards/duke`)).body.toString());
  };

  const [ann, bob] = ROWS;
  const cases: readonly [string, string, unknown][] = [
    ['nullify', '/0/user', [{ ...ann, user: null }, bob]],
    ['drop', '/0', [bob]],
    ['drop', '/1/user', [ann, { score: 7, tags: [] }]],
    ['type', '/0/user', [{ ...ann, user: 3 }, bob]],
    ['type', '/0/score', [{ ...ann, score: '10' }, bob]],
    ['type', '/0/tags', [{ ...ann, tags: { 0: 'a', 1: 'b' } }, bob]],
    ['type', '/1', [ann, ['bob', 7, []]]],
    ['empty', '/0/tags', [{ ...ann, tags: [] }, bob]],
    ['empty', '/0', [{}, bob]],
    ['empty', '/0/user', [{ ...ann, user: '' }, bob]],
    ['extra', '', [...ROWS, { brownout_extra: true }]],
    ['extra', '/1', [ann, { ...bob, brownout_extra: true }]],
    ['nest', '/0/score', [{ ...ann, score: { value: 10 } }, bob]],
    ['nullify', '', null],
  ];
  for (const [kind, pointer, result] of cases) {
    it(`does ${kind} at "${pointer}"`, () =>
      withRig({}, async (rig) => {
        expect(await at(rig, { mutate: kind, pointer })).to.deep.equal(result);
      }));
  }

  for (const [kind, pointer] of [
    ['nullify', '/9/user'],
    ['empty', '/0/score'],
    ['empty', '/1/tags'],
    ['extra', '/0/user'],
    ['drop', ''],
  ] as const) {
    it(`does not claim to have done ${kind} at "${pointer}", where there is nothing to do`, () =>
      withRig({}, async (rig) => {
        expect(await at(rig, { mutate: kind, pointer })).to.deep.equal(ROWS);
        expect((await rig.completed(1))[0]?.injected).to.deep.equal([]);
      }));
  }

  for (const kind of ['nullify', 'drop', 'type', 'empty', 'extra', 'nest']) {
    it(`draws where to ${kind} by the seed: the same place in every run of it, and a real change`, async () => {
      const bodies: string[] = [];
      for (let run = 0; run < 2; run++) {
        await withRig({}, async ({ control, url }) => {
          await control.add([{ on: 'leaderboard', inject: { mutate: kind } }]);
          for (let i = 0; i < 8; i++) {
            const { body } = await send(`${url}/leaderboards/duke`);
            expect(body.toString()).not.to.equal(BODY);
            JSON.parse(body.toString());
            bodies.push(body.toString());
          }
        });
      }
      expect(bodies.slice(8)).to.deep.equal(bodies.slice(0, 8));
      expect(new Set(bodies).size).to.be.above(1);
    });
  }

  it('does not act on what is not JSON', () =>
    withBody('<html>', {}, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { mutate: 'nullify' } }]);
      expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal('<html>');
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));
});

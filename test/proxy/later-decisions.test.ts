import { expect } from 'chai';
import { BODY, GET, send, withRig } from './rig.ts';

const POST = (body: string) => ({ method: 'POST', body });

describe('a rule that goes by the request’s body', () => {
  const match = { method: 'POST', body: { '/user': 'ann' } };

  it('acts on those that fit, and the others reach the upstream whole', () => {
    const bodies: string[] = [];
    return withRig(
      {
        handler: (request, response) => {
          void request.toArray().then((chunks) => {
            bodies.push(Buffer.concat(chunks as Buffer[]).toString());
            response.end('healthy');
          });
        },
      },
      async ({ control, url, completed }) => {
        await control.add([{ on: 'stats', match, inject: { status: 503 } }]);
        const sent = ['{"user":"ann"}', '{"user":"bob"}', 'user=ann', ''];
        const seen = [];
        for (const body of sent) seen.push((await send(url, POST(body))).status);
        expect(seen).to.deep.equal([503, 200, 200, 200]);
        expect(bodies).to.deep.equal(sent.slice(1));
        const entries = await completed(4);
        expect(entries.map(({ matched }) => matched)).to.deep.equal([['r1'], [], [], []]);
      },
    );
  });

  it('waits until the body is whole, however it comes', () =>
    withRig({}, async ({ control, connect, reached }) => {
      await control.add([{ on: 'stats', match, inject: { status: 503 } }]);
      const client = connect();
      client.send(
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"user":\r\n',
      );
      for (const piece of ['5;x=y\r\n"a', 'nn"\r\n', '1\r\n}\r\n', '0\r\n\r\n']) client.send(piece);
      expect(await client.answer()).to.include({ status: 503 });
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      expect(reached).to.have.length(1);
    }));

  it('counts exactly those that fit, of many at once', () =>
    withRig({}, async ({ control, url }) => {
      const trigger = { nth: [1, 2, 3, 20, 26] };
      await control.add([{ on: 'stats', match, inject: { status: 503 }, trigger }]);
      const all = Array.from({ length: 50 }, (_, i) =>
        send(url, POST(JSON.stringify({ user: i % 2 === 0 ? 'ann' : 'bob' }))),
      );
      const hit = (await Promise.all(all)).filter(({ status }) => status === 503);
      expect(hit).to.have.length(4);
    }));
});

describe('a rule that goes by the response', () => {
  it('answers in its place where it fits: the upstream was asked, and the client never knows', () =>
    withRig(
      {
        handler: (request, response) => {
          response.statusCode = request.url === '/bad' ? 502 : 200;
          response.end('from the upstream');
        },
      },
      async ({ control, connect, reached, completed }) => {
        const inject = { status: 404, body: 'gone' };
        await control.add([{ on: 'stats', match: { response: { status: '5xx' } }, inject }]);
        const client = connect();
        for (const [path, status, body] of [
          ['/', 200, 'from the upstream'],
          ['/bad', 404, 'gone'],
          ['/', 200, 'from the upstream'],
        ]) {
          client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n`);
          expect(await client.answer()).to.include({ status, body });
        }
        expect(reached).to.deep.equal(['GET /', 'GET /bad', 'GET /']);
        const acted = (await completed(3)).map(({ injected }) =>
          injected.map(({ phase }) => phase),
        );
        expect(acted).to.deep.equal([[], ['headers'], []]);
      },
    ));

  it('edits, waits and cuts where it fits', () =>
    withRig(
      {
        handler: (_request, response) => {
          response.setHeader('content-type', 'application/json');
          response.setHeader('content-length', BODY.length);
          response.end(BODY);
        },
      },
      async ({ control, connect, completed }) => {
        const match = {
          path: '/*any',
          response: { headers: { 'Content-Type': { contains: 'json' } } },
        };
        const cases = [
          [
            [{ latency: '1ms' }, { mutate: 'nullify', pointer: '' }],
            { body: 'null' },
            ['headers', 'body'],
          ],
          ['reset', 'rst', ['headers']],
          [{ close: 'body' }, 'fin', ['body']],
        ] as const;
        for (const [i, [inject, expected, phases]] of cases.entries()) {
          const [rule] = await control.add([{ on: 'stats', match, inject }]);
          const client = connect();
          client.send(GET);
          const seen = await client.answer();
          if (typeof expected === 'string') expect(seen).to.equal(expected);
          else expect(seen).to.include(expected);
          const entry = (await completed(i + 1))[i];
          expect(entry?.injected.map(({ phase }) => phase)).to.deep.equal(phases);
          expect(entry?.matched).to.deep.equal([rule?.id]);
          await control.clear();
        }
      },
    ));

  it('counts the responses that fit', () =>
    withRig(
      {
        handler: (request, response) => {
          response.statusCode = request.url === '/bad' ? 500 : 200;
          response.end();
        },
      },
      async ({ control, url }) => {
        const match = { response: { status: [500, 503] } };
        const trigger = { nth: 2 };
        await control.add([{ on: 'stats', match, inject: { status: 404 }, trigger }]);
        const seen = [];
        for (const path of ['/', '/bad', '/', '/bad', '/bad'])
          seen.push((await send(url + path)).status);
        expect(seen).to.deep.equal([200, 500, 200, 404, 500]);
      },
    ));
});

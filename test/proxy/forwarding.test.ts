import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { GET, send, withRig } from './rig.ts';

const BIG = Buffer.alloc(5 * 1024 ** 2, 'abcdefghij');

describe('forwarding of whole messages', () => {
  it('keeps status, phrase, repeated headers and their case, and invents none', () =>
    withRig(
      {
        handler(_request, response) {
          response.sendDate = false;
          const cookies = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'];
          response.writeHead(201, 'Fine', ['X-Case', 'Kept', ...cookies, 'Content-Length', '2']);
          response.end('ok');
        },
      },
      async ({ connect }) => {
        const client = connect();
        client.send(GET);
        await client.answer();
        const lines = client.text.split('\r\n\r\n')[0]?.split('\r\n');
        // The upstream is Node's: what it adds of its own is passed on, and nothing else.
        const own = lines?.filter((line) => !/^(Connection|Keep-Alive): /.test(line)).join('|');
        expect(own).to.equal(
          'HTTP/1.1 201 Fine|X-Case: Kept|Set-Cookie: a=1|Set-Cookie: b=2|Content-Length: 2',
        );
      },
    ));

  for (const path of ['//a//b', '/a/../b', '/a%2fb/%2e%2e', '/x?u=http://h//p&q=#1', '/a?b?c//d']) {
    it(`sends the path ${path} as it came`, () =>
      withRig({}, async ({ connect, reached, completed }) => {
        const client = connect();
        client.send(`GET ${path} HTTP/1.1\r\nHost: stats\r\n\r\n`);
        expect(await client.answer()).to.include({ status: 200 });
        expect(reached).to.deep.equal([`GET ${path}`]);
        expect((await completed(1))[0]?.path).to.equal(path);
      }));
  }

  const echo = (chunked: boolean) => ({
    handler: ((request, response) => {
      void request.toArray().then((chunks) => {
        const body = Buffer.concat(chunks as Buffer[]);
        const length = chunked ? {} : { 'content-length': body.length };
        response.writeHead(200, { 'x-method': request.method, ...length });
        response.write(body.subarray(0, 10));
        return response.end(body.subarray(10));
      });
    }) as RequestListener,
  });

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const framing of ['content-length', 'chunked'] as const) {
      it(`takes 5 MB to the upstream and back by ${method}, framed by ${framing}`, () =>
        withRig(echo(framing === 'chunked'), async ({ url }) => {
          const headers: Record<string, string> =
            framing === 'chunked'
              ? { 'transfer-encoding': 'chunked' }
              : { 'content-length': String(BIG.length) };
          const { response, body } = await send(`${url}/scores`, { method, headers, body: BIG });
          expect(response.headers['x-method']).to.equal(method);
          expect(body.equals(BIG)).to.equal(true);
        }));
    }
  }

  it('counts the bytes of an exchange, heads and framing included', () =>
    withRig(echo(true), async ({ connect, completed }) => {
      const client = connect();
      const sent = 'POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: 12\r\n\r\nhello, world';
      client.send(sent);
      await client.until((text) => text.endsWith('0\r\n\r\n'));
      const first = client.text.length;
      await completed(1);
      client.send(sent);
      await client.until((text) => text.length === 2 * first);
      for (const entry of await completed(2)) {
        expect(entry).to.include({ bytesIn: sent.length, bytesOut: first, end: 'answered' });
      }
    }));

  it('passes HEAD, 204 and 304 without a body, and the connection goes on', () =>
    withRig(
      {
        handler(request, response) {
          const status = Number(request.url?.slice(1));
          response.writeHead(status, status === 200 ? { 'content-length': '7' } : {});
          response.end();
        },
      },
      async ({ connect, completed }) => {
        const client = connect();
        client.send('HEAD /200 HTTP/1.1\r\nHost: stats\r\n\r\n');
        expect(await client.answer(true)).to.include({ status: 200 });
        expect(client.text).to.match(/content-length: 7/i);
        for (const status of [204, 304]) {
          client.send(`GET /${status} HTTP/1.1\r\nHost: stats\r\n\r\n`);
          expect(await client.answer()).to.include({ status });
        }
        expect((await completed(3)).map(({ status }) => status)).to.deep.equal([200, 204, 304]);
      },
    ));

  it('answers pipelined requests in their order', () =>
    withRig(
      {
        handler(request, response) {
          const body = request.url ?? '';
          const answer = () => response.writeHead(200, { 'content-length': body.length }).end(body);
          if (body === '/0') setTimeout(answer, 30);
          else answer();
        },
      },
      async ({ connect }) => {
        const client = connect();
        const paths = ['/0', '/1', '/2', '/3'];
        client.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: stats\r\n\r\n`).join(''));
        for (const path of paths) expect(await client.answer()).to.include({ body: path });
      },
    ));

  it('does not let the cut of a pipelined request take the answer before it away', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: 'close', trigger: { nth: 2 } }]);
      const client = connect();
      client.send(GET + GET);
      expect(await client.answer()).to.include({ status: 200 });
      expect(await client.ended).to.equal('fin');
      expect((await completed(2)).map(({ end }) => end)).to.deep.equal(['answered', 'closed']);
    }));

  it('says 100 Continue only when nothing keeps the request back', () =>
    withRig(echo(false), async ({ control, connect, entriesWhen }) => {
      await control.add([{ on: 'stats', match: 'POST /*any', inject: 'hang' }]);
      const client = connect();
      client.send(
        'POST /a HTTP/1.1\r\nHost: stats\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n',
      );
      await entriesWhen((all) => all[0]?.injected.length === 1);
      expect(client.text).to.equal('');
      await control.clear();
      expect(await client.answer()).to.include({ status: 100 });
      client.send('ok');
      expect(await client.answer()).to.include({ status: 200, body: 'ok' });
    }));

  it('keeps one connection for a hundred exchanges, without a warning', () =>
    withRig({}, async ({ connect, completed }) => {
      const client = connect();
      for (let i = 0; i < 100; i++) {
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200 });
      }
      await completed(100);
    }));

  it('ends the connection after its answer when the client asks for it', () =>
    withRig(
      { handler: (_request, response) => void response.end(BIG) },
      async ({ connect, completed }) => {
        for (let i = 0; i < 20; i++) {
          const client = connect();
          client.send(
            'GET /leaderboards/duke HTTP/1.1\r\nHost: stats\r\nConnection: close\r\n\r\n',
          );
          expect(await client.ended).to.equal('fin');
          expect(client.text.length).to.be.above(BIG.length);
          client.destroy();
        }
        expect((await completed(20)).filter(({ end }) => end !== 'answered')).to.deep.equal([]);
      },
    ));

  it('survives a malformed request, a flood of headers and a half request', () =>
    withRig({}, async ({ connect }) => {
      const flood = Array.from({ length: 3000 }, (_, i) => `x-${i}: ${i}\r\n`).join('');
      for (const bytes of [
        'NONSENSE\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
        '\0\x01\x02\r\n\r\n',
        `GET / HTTP/1.1\r\nHost: stats\r\n${`x: ${'y'.repeat(2 ** 20)}\r\n`.repeat(2)}\r\n`,
        'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
      ]) {
        const client = connect();
        client.send(bytes);
        await client.ended;
      }
      connect().send('GET / HTTP/1.1\r\nHos');
      const client = connect();
      client.send(GET.replace('\r\n\r\n', `\r\n${flood}\r\n`));
      expect(await client.answer()).to.include({ status: 200 });
    }));
});

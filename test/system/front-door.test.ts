import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { expect } from 'chai';
import { startFrontDoor } from '../../src/index.ts';
import { answerOk, withDoor, type Rig } from './front-door-rig.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`;
const BIG = Buffer.alloc(3 * 1024 ** 2, 'abcdefghij');

/** Sends headers and gives those that reached the service. */
async function introduced({ door, reached }: Rig, headers: Record<string, string>) {
  await send(door.url, { headers });
  return reached.at(-1)?.headers as Record<string, string | undefined>;
}

async function send(url: string, options: RequestOptions & { body?: Buffer } = {}) {
  const { body: sent, ...rest } = options;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { ...rest, agent: false }, resolve)
      .on('error', reject)
      .end(sent);
  });
  const body = Buffer.concat((await response.toArray()) as Buffer[]);
  return { response, body };
}

describe('the trace that a front door adds', () => {
  it('begins where the client sent none, another one for each request', () =>
    withDoor({}, answerOk, async (rig) => {
      const first = await introduced(rig, {});
      const second = await introduced(rig, {});
      expect(first['traceparent']).to.match(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
      expect(second['traceparent']).to.not.equal(first['traceparent']);
      expect(first).to.not.have.property('baggage');
    }));

  it('is the client’s own where that is valid, its state with it', () =>
    withDoor({ run: 'r1' }, answerOk, async (rig) => {
      const headers = await introduced(rig, { traceparent: PARENT, tracestate: 'a=1' });
      expect(headers).to.include({ traceparent: PARENT, tracestate: 'a=1' });
    }));

  for (const invalid of ['', 'x', `ff-${TRACE}-b7ad6b7169203331-01`, `${PARENT}-more`]) {
    it(`is a new one in the place of "${invalid}", without its state`, () =>
      withDoor({}, answerOk, async (rig) => {
        const headers = await introduced(rig, { traceparent: invalid, tracestate: 'a=1' });
        expect(headers['traceparent']).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
        expect(headers['traceparent']).to.not.contain(TRACE);
        expect(headers).to.not.have.property('tracestate');
      }));
  }
});

describe('the baggage that a front door adds', () => {
  it('names the run and the plan, percent-encoded', () =>
    withDoor(
      { run: 'run 1,x', plan: 'leaderboard=hang+stats#1=status:503' },
      answerOk,
      async (rig) => {
        const { baggage } = await introduced(rig, {});
        expect(baggage).to.equal(
          'brownout.run=run%201%2Cx,brownout.plan=leaderboard%3Dhang%2Bstats%231%3Dstatus%3A503',
        );
      },
    ));

  it('comes after the client’s own and replaces what that says of the same', () =>
    withDoor({ run: 'r1' }, answerOk, async (rig) => {
      const baggage = 'user=7;ttl=1, brownout.run=other , brownout.plan=a%3Dhang,brownout.runs=2';
      expect(await introduced(rig, { baggage })).to.include({
        baggage: 'user=7;ttl=1,brownout.plan=a%3Dhang,brownout.runs=2,brownout.run=r1',
      });
    }));

  it('leaves the client’s as it came where there is nothing to add', () =>
    withDoor({}, answerOk, async (rig) => {
      const baggage = 'user=7 ,, brownout.run=mine';
      expect(await introduced(rig, { baggage })).to.include({ baggage });
    }));

  it('is refused at the start where its plan is over 1 KB', async () => {
    const opened = startFrontDoor({ target: 'http://127.0.0.1:1', plan: 'x'.repeat(1025) });
    expect(await opened.then(String, ({ code }) => code)).to.equal('invalid_plan');
  });
});

describe('what passes a front door', () => {
  it('is the request as it was: method, path, headers and Host', () =>
    withDoor({}, answerOk, async ({ connect, reached }) => {
      const client = connect();
      const path = '//a//b/../c%2fd?u=http://h//p#f?g';
      client.send(
        `PROPFIND ${path} HTTP/1.1\r\nHost: shop:1\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n`,
      );
      expect(await client.answer()).to.include({ status: 200 });
      expect(reached[0]).to.include({ method: 'PROPFIND', url: path });
      expect(reached[0]?.headers).to.include({ host: 'shop:1', cookie: 'a=1; b=2' });
    }));

  it('is put behind the path of the service', () =>
    withDoor({}, answerOk, async ({ door, reached }) => {
      await using second = await startFrontDoor({ target: `${door.url}/base/` });
      await send(`${second.url}/a?b`);
      expect(reached[0]?.url).to.equal('/base/a?b');
    }));

  it('is the response as it was: status, phrase, header case and repeats, trailers', () =>
    withDoor(
      {},
      (_request, response) => {
        response.sendDate = false;
        const head = ['X-Case', 'Kept', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Trailer', 'X-T'];
        response.writeHead(201, 'Fine', head);
        response.addTrailers({ 'X-T': 'last' });
        response.end('body');
      },
      async ({ connect }) => {
        const client = connect();
        client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n');
        await client.until((text) => text.endsWith('X-T: last\r\n\r\n'));
        const [head, body] = client.text.split(/\r\n\r\n(.*)/s);
        const own = head
          ?.split('\r\n')
          .filter((l) => !/^(Connection|Keep-Alive|Transfer-E)/.test(l));
        expect(own?.join('|')).to.equal(
          'HTTP/1.1 201 Fine|X-Case: Kept|Set-Cookie: a=1|Set-Cookie: b=2|Trailer: X-T',
        );
        expect(body).to.equal('4\r\nbody\r\n0\r\nX-T: last\r\n\r\n');
      },
    ));

  for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
    for (const framing of ['content-length', 'transfer-encoding']) {
      it(`is a body of 3 MB and back, by ${method} with ${framing}`, () =>
        withDoor(
          {},
          (request, response) => void request.pipe(response),
          async ({ door }) => {
            const headers = { [framing]: framing === 'content-length' ? BIG.length : 'chunked' };
            const { body } = await send(door.url, { method, headers, body: BIG });
            expect(body.equals(BIG)).to.equal(true);
          },
        ));
    }
  }

  it('is no body where there is none: HEAD, 204, 304, and the connection goes on', () =>
    withDoor(
      {},
      (request, response) => {
        response.writeHead(Number(request.url?.slice(1)), { 'x-said': 'yes' }).end();
      },
      async ({ connect }) => {
        const client = connect();
        for (const [method, status] of [
          ['HEAD', 200],
          ['GET', 204],
          ['GET', 304],
        ] as const) {
          client.send(`${method} /${status} HTTP/1.1\r\nHost: shop\r\n\r\n`);
          expect(await client.answer(true)).to.include({ status });
        }
      },
    ));

  it('is 100 Continue before the service has seen the request', () =>
    withDoor(
      {},
      (request, response) => void request.pipe(response),
      async ({ connect, reached }) => {
        const client = connect();
        const head = 'POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 2';
        client.send(`${head}\r\n\r\n`);
        expect(await client.answer()).to.include({ status: 100 });
        client.send('ok');
        expect((await client.until((text) => text.includes('ok'))) ?? 'answered').to.equal(
          'answered',
        );
        expect(reached[0]?.headers).to.not.have.property('expect');
      },
    ));

  it('is the request that offers HTTP/2 besides, as a plain one, with its body', () =>
    withDoor(
      { run: 'r1' },
      (request, response) => {
        response.setHeader('content-length', 2);
        request.pipe(response);
      },
      async ({ connect, reached }) => {
        const client = connect();
        for (let i = 0; i < 12; i++) {
          client.send(
            'POST /a//b HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n' +
              'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Length: 2\r\n\r\nok',
          );
          expect(await client.answer()).to.include({ status: 200, body: 'ok' });
        }
        expect(reached[0]).to.include({ url: '/a//b' });
        expect(reached[0]?.headers).to.include({ baggage: 'brownout.run=r1', connection: 'close' });
        expect(reached[0]?.headers).to.not.have.any.keys('upgrade', 'http2-settings');
      },
    ));
});

describe('bodies at a front door', () => {
  it('go to the client as they come', () => {
    let more = (_text: string) => {};
    return withDoor(
      {},
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        more = (text) => void response.write(text);
      },
      async ({ connect }) => {
        const client = connect();
        client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n');
        // Each is sent only when what was before it has come.
        await client.until((text) => text.includes('\r\n\r\n'));
        for (const text of ['data: 1', 'data: 2', 'data: 3']) {
          more(text);
          expect((await client.until((all) => all.includes(text))) ?? 'came').to.equal('came');
        }
      },
    );
  });

  it('go to the service as they come, and its early answer comes back', () =>
    withDoor(
      {},
      (request, response) => {
        response.writeHead(200).flushHeaders();
        request.on('data', (chunk: Buffer) => void response.write(chunk));
      },
      async ({ connect }) => {
        const client = connect();
        client.send('PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\n');
        await client.until((text) => text.includes('\r\n\r\n'));
        for (const text of ['one', 'two']) {
          client.send(text);
          expect((await client.until((all) => all.includes(text))) ?? 'came').to.equal('came');
        }
      },
    ));
});

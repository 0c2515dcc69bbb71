import { expect } from 'chai';
import { GET, send, withRig } from '../rig.ts';

const HEAD = GET.replace('GET', 'HEAD');

describe('status on the wire', () => {
  it('answers with code, headers and body, and does not call the upstream', () =>
    withRig({}, async ({ control, url, reached }) => {
      const headers = { 'Retry-After': '2', 'x-a': 'b' };
      await control.add([{ on: 'leaderboard', inject: { status: 503, headers, body: '[]' } }]);
      const { status, response, body } = await send(`${url}/leaderboards/duke`);
      expect(status).to.equal(503);
      expect(body.toString()).to.equal('[]');
      expect(response.headers).to.deep.equal({
        'content-type': 'application/json',
        'content-length': '2',
        connection: 'close',
        'retry-after': '2',
        'x-a': 'b',
        'x-brownout-fault': 'status',
      });
      expect(response.statusMessage).to.equal('Service Unavailable');
      expect(reached).to.deep.equal([]);
    }));

  it('says its own phrase where no body is given, and lets the type be chosen', () =>
    withRig({}, async ({ control, url }) => {
      const inject = { status: 418, headers: { 'Content-Type': 'text/tea' } };
      await control.add([{ on: 'leaderboard', inject }]);
      const { response, body } = await send(`${url}/leaderboards/duke`);
      expect(body.toString()).to.equal("I'm a Teapot");
      expect(response.headers['content-type']).to.equal('text/tea');
    }));

  it('frames its body itself, whatever its headers claim', () =>
    withRig({}, async ({ control, connect }) => {
      const headers = { 'Content-Length': '999', 'Transfer-Encoding': 'chunked' };
      await control.add([{ on: 'leaderboard', inject: { status: 503, headers, body: 'no' } }]);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 503, body: 'no' });
      expect(client.text).not.to.match(/transfer-encoding/i);
    }));

  for (const code of [204, 304]) {
    it(`sends no body with ${code}, and the connection goes on`, () =>
      withRig({}, async ({ control, connect }) => {
        await control.add([{ on: 'leaderboard', inject: { status: code, body: 'x' } }]);
        const client = connect();
        client.send(GET + GET);
        for (let i = 0; i < 2; i++) {
          expect(await client.answer()).to.include({ status: code, body: '' });
        }
        expect(client.text).not.to.match(/content-length/i);
      }));
  }

  it('answers HEAD without its body, and the connection goes on', () =>
    withRig({}, async ({ control, connect }) => {
      await control.add([
        { on: 'stats', match: 'HEAD /*any', inject: { status: 503, body: 'abc' } },
      ]);
      const client = connect();
      client.send(HEAD + GET);
      expect(await client.answer(true)).to.include({ status: 503 });
      expect(client.text).to.include('content-length: 3');
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('answers at once while the request is still being sent', () =>
    withRig({}, async ({ control, connect }) => {
      await control.add([{ on: 'stats', match: 'POST /*any', inject: { status: 503, body: '' } }]);
      const client = connect();
      client.send('POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: 5\r\n\r\nab');
      expect(await client.answer()).to.include({ status: 503 });
      client.send(`cde${GET}`);
      expect(await client.answer()).to.include({ status: 200 });
    }));
});

describe('empty on the wire', () => {
  it('is a success without a body: 200 with length 0, or 204', () =>
    withRig({}, async ({ control, url, reached }) => {
      await control.add([{ on: 'leaderboard', inject: 'empty', trigger: { first: 1 } }]);
      await control.add([{ on: 'leaderboard', inject: { empty: 204 }, trigger: { nth: 2 } }]);
      const first = await send(`${url}/leaderboards/duke`);
      expect(first).to.deep.include({ status: 200, body: Buffer.alloc(0) });
      expect(first.response.headers['content-length']).to.equal('0');
      const second = await send(`${url}/leaderboards/duke`);
      expect(second).to.deep.include({ status: 204, body: Buffer.alloc(0) });
      expect(reached).to.deep.equal([]);
    }));
});

describe('truncate on the wire', () => {
  for (const [at, bytes] of [
    ['0B', 0],
    ['7B', 7],
    ['25%', 4],
  ] as const) {
    it(`ends the body at exactly ${at}, then sends a FIN`, () =>
      withRig(
        { handler: (_request, response) => void response.end('0123456789abcdef') },
        async ({ control, connect, completed }) => {
          await control.add([{ on: 'leaderboard', inject: { truncate: at } }]);
          const client = connect();
          client.send(GET);
          expect(await client.ended).to.equal('fin');
          const [head, body] = client.text.split('\r\n\r\n');
          expect(head).to.match(/content-length: 16/i);
          expect(body).to.equal('0123456789abcdef'.slice(0, bytes));
          const [entry] = await completed(1);
          expect(entry).to.include({ end: 'closed', status: 200, bytesOut: client.text.length });
        },
      ));
  }

  it('ends a chunked body without its last chunk, by bytes and by share', () =>
    withRig(
      {
        handler(_request, response) {
          response.write('01234567');
          response.end('89abcdef');
        },
      },
      async ({ control, connect }) => {
        await control.add([
          { on: 'leaderboard', inject: { truncate: '10B' }, trigger: { nth: 1 } },
        ]);
        await control.add([
          { on: 'leaderboard', inject: { truncate: '50%' }, trigger: { nth: 2 } },
        ]);
        for (const bytes of ['0123456789', '01234567']) {
          const client = connect();
          client.send(GET);
          expect(await client.ended).to.equal('fin');
          const body = client.text.slice(client.text.indexOf('\r\n\r\n') + 4);
          expect(body.replaceAll(/(^|\r\n)[\da-f]+\r\n/g, '')).to.equal(bytes);
        }
      },
    ));

  it('leaves an answer to HEAD alone, for it has no body', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'stats', inject: 'truncate' }]);
      const client = connect();
      client.send(HEAD);
      expect(await client.answer(true)).to.include({ status: 200 });
      expect((await completed(1))[0]).to.deep.include({ end: 'answered', injected: [] });
    }));
});

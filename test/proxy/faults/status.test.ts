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
        expect(client.text).not.to.match(/content-(length|type)/i);
      }));
  }

  it('says no type where an empty body is asked for', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { status: 500, body: '' } }]);
      const { response, body } = await send(`${url}/leaderboards/duke`);
      expect(body).to.have.length(0);
      expect(response.headers).to.include({ 'content-length': '0' });
      expect(response.headers).not.to.have.property('content-type');
    }));

  for (const [body, type] of [
    ['{"error":"größer"}', 'application/json'],
    ['null', 'application/json'],
    ['größer', 'text/plain; charset=utf-8'],
    ['{', 'text/plain; charset=utf-8'],
  ] as const) {
    it(`sends ${body} as ${type}, by its length in bytes`, () =>
      withRig({}, async ({ control, url, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { status: 500, body } }]);
        const answer = await send(`${url}/leaderboards/duke`);
        expect(answer.body.toString()).to.equal(body);
        expect(answer.response.headers).to.include({
          'content-type': type,
          'content-length': String(Buffer.byteLength(body)),
        });
        expect((await completed(1))[0]?.injected[0]).to.include({
          fault: 'status',
          phase: 'request',
        });
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

import { expect } from 'chai';
import { startControl } from '../../../src/proxy/control/start-control.ts';
import { rawClient, type RawAnswer } from '../../helpers/raw-client.ts';
import { withRig } from '../rig.ts';
import { withControl } from './with-control.ts';

const RULE = JSON.stringify({ rules: [{ on: 'stats', inject: 'reset' }] });
const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const post = (headers: string, path = '/v1/rules') =>
  `POST ${path} HTTP/1.1\r\n${headers}Content-Length: ${RULE.length}\r\n\r\n${RULE}`;

/** What a web page, or someone on the same network, could send. */
const REFUSED: readonly [what: string, sent: string, status: number][] = [
  ['a name that was rebound to this machine', post(`Host: evil.example\r\n${JSON_TYPE}`), 403],
  ['such a name with our port', post(`Host: evil.example:8474\r\n${JSON_TYPE}`), 403],
  ['a name that begins like ours', post(`Host: 127.0.0.1.evil.example\r\n${JSON_TYPE}`), 403],
  ['a name that ends like ours', post(`Host: evil-localhost\r\n${JSON_TYPE}`), 403],
  ['a user before the name', post(`Host: localhost@evil.example\r\n${JSON_TYPE}`), 403],
  ['two hosts', `GET /v1/events HTTP/1.1\r\n${HOST}Host: evil.example\r\n\r\n`, 400],
  ['no host at all', `DELETE /v1/rules HTTP/1.1\r\n\r\n`, 403],
  ['no host, in HTTP/1.0', `DELETE /v1/rules HTTP/1.0\r\n\r\n`, 403],
  [
    'another host in the request line',
    `DELETE http://localhost/v1/rules HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    403,
  ],
  ['a page of another site', post(`${HOST}${JSON_TYPE}Origin: http://evil.example\r\n`), 403],
  ['a page of another port', post(`${HOST}${JSON_TYPE}Origin: http://localhost:3000\r\n`), 403],
  ['a page by https', post(`${HOST}${JSON_TYPE}Origin: https://localhost\r\n`), 403],
  ['a page in a sandbox', post(`${HOST}${JSON_TYPE}Origin: null\r\n`), 403],
  ['a form of text', post(`${HOST}Content-Type: text/plain\r\nOrigin: http://x\r\n`), 403],
  ['a form of text that says no origin', post(`${HOST}Content-Type: text/plain\r\n`), 415],
  [
    'a form in fields that says no origin',
    post(`${HOST}Content-Type: application/x-www-form-urlencoded\r\n`),
    415,
  ],
  ['a form of text to arm', post(`${HOST}Content-Type: text/plain\r\n`, '/v1/arm'), 415],
  ['a body without a type', post(HOST), 415],
  ['a request across sites', `GET /v1 HTTP/1.1\r\n${HOST}Sec-Fetch-Site: cross-site\r\n\r\n`, 403],
  ['a request of one site', `GET /v1 HTTP/1.1\r\n${HOST}Sec-Fetch-Site: same-site\r\n\r\n`, 403],
  ['an image of a page', `GET /v1 HTTP/1.1\r\n${HOST}Referer: http://evil.example/\r\n\r\n`, 403],
  [
    'a page whose name begins like ours',
    `GET /v1 HTTP/1.1\r\n${HOST}Referer: http://localhost.evil.example/\r\n\r\n`,
    403,
  ],
  [
    'a question before such a request',
    `OPTIONS /v1/rules HTTP/1.1\r\n${HOST}Origin: http://evil.example\r\nAccess-Control-Request-Method: DELETE\r\n\r\n`,
    403,
  ],
];

const ALLOWED: readonly [what: string, headers: string][] = [
  ['a client that says nothing of pages', HOST],
  ['its own page', `${HOST}Origin: http://localhost\r\nReferer: http://localhost/x\r\n`],
  ['its own page, as browsers tell', `${HOST}Sec-Fetch-Site: same-origin\r\n`],
  ['an address that was typed', `${HOST}Sec-Fetch-Site: none\r\n`],
  ['its address', 'Host: 127.0.0.1:8474\r\n'],
  ['its address in IPv6', 'Host: [::1]:8474\r\n'],
];

describe('the guard of the control API', () => {
  for (const [what, sent, status] of REFUSED) {
    it(`keeps out ${what}`, () =>
      withControl({}, async (_ask, { control }, url) => {
        await control.add([{ on: 'stats', inject: 'hang' }]);
        const answer = await exchange(url, sent);
        expect(answer.status, answer.raw).to.equal(status);
        expect(JSON.parse(answer.body)).to.include({ status }).and.have.property('error');
        expect(answer.head).not.to.match(/access-control/i);
        const rules = await control.rules();
        expect(rules.map(({ inject }) => inject[0]?.fault)).to.deep.equal(['hang']);
      }));
  }

  for (const [what, headers] of ALLOWED) {
    it(`lets in ${what}`, () =>
      withControl({}, async (_ask, { control }, url) => {
        expect((await exchange(url, post(headers + JSON_TYPE))).status).to.equal(201);
        expect(await control.rules()).to.have.length(1);
      }));
  }

  for (const [what, line, authorization] of [
    ['none', '/v1', ''],
    ['an empty one', '/v1', 'Bearer '],
    ['another', '/v1', 'Bearer secreT'],
    ['one that begins like it', '/v1', 'Bearer secret2'],
    ['its beginning', '/v1', 'Bearer secre'],
    ['two', '/v1', 'Bearer secret secret'],
    ['it as a password', '/v1', `Basic ${Buffer.from('x:secret').toString('base64')}`],
    ['it without a scheme', '/v1', 'secret'],
    ['it in the query', '/v1?token=secret&access_token=secret', ''],
    ['none, for what is not there', '/v2', ''],
    ['none, for the metrics', '/metrics', ''],
    ['none, for the events', '/v1/events', ''],
    ["none, on Toxiproxy's routes", '/proxies', ''],
    ["none, on Toxiproxy's routes", '/version', ''],
  ]) {
    it(`wants its token, and not ${what}: ${line}`, () =>
      withControl({ token: 'secret' }, async (_ask, _rig, url) => {
        const field = authorization === '' ? '' : `Authorization: ${authorization}\r\n`;
        const answer = await exchange(url, `GET ${line} HTTP/1.1\r\n${HOST}${field}\r\n`);
        expect(answer.status).to.equal(401);
        expect(answer.head).to.match(/www-authenticate: Bearer/i);
        expect(answer.raw).not.to.include('secret');
      }));
  }

  it('takes its token under the scheme in any case', () =>
    withControl({ token: 'secret' }, async (_ask, _rig, url) => {
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        const field = `Authorization: ${scheme} secret\r\n`;
        const answer = await exchange(url, `GET /v1 HTTP/1.1\r\n${HOST}${field}\r\n`);
        expect(answer.status).to.equal(200);
      }
    }));

  it('does not start with a token that no header can hold', () =>
    withRig({}, async ({ proxy }) => {
      for (const token of ['two words', 'line\nbreak', 'pässword']) {
        const error: unknown = await startControl({ proxy, port: 0, token }).catch((e) => e);
        expect(error).to.have.property('code', 'bad_token');
      }
    }));

  it('asks for the token on an address of IPv6 too, and knows its name', () =>
    withControl({ host: '::1', token: 'secret' }, async (_ask, _rig, url) => {
      expect(url).to.match(/^http:\/\/\[::1\]:\d+$/);
      const { port } = new URL(url);
      const get = (host: string, token: string) =>
        exchange(
          url,
          `GET /v1 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
        );
      expect((await get(`[::1]:${port}`, 'secret')).status).to.equal(200);
      expect((await get(`[::1]:${port}`, 'wrong')).status).to.equal(401);
      expect((await get('[::2]', 'secret')).status).to.equal(403);
      expect((await get('[::1', 'secret')).status).to.equal(403);
    }));

  it('leaves the ports of upstreams to the upstreams', () =>
    withRig({}, async ({ proxy, control, url, connect, reached }) => {
      const server = await startControl({ proxy, port: 0 });
      const lines = ['GET /v1', 'DELETE /v1/rules', 'GET /metrics', 'POST /reset', 'GET /proxies'];
      for (const line of lines) {
        const client = connect(url);
        // Even by the name of the control server.
        client.send(`${line} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`);
        expect(await client.answer()).to.include({ status: 200 });
      }
      expect(reached).to.deep.equal(lines);
      expect(await control.rules()).to.deep.equal([]);
      await server[Symbol.asyncDispose]();
    }));

  it('is not got round by an upstream that is the control server itself', () =>
    withRig({}, async ({ proxy, control, connect }) => {
      for (const host of ['127.0.0.1', '::']) {
        const server = await startControl({ proxy, port: 0, host, token: 'secret' });
        const target = `http://127.0.0.1:${server.port}`;
        const { url } = await proxy.open({ name: `control on ${host}`, target });
        const client = connect(url);
        const token = 'Authorization: Bearer secret\r\n';
        for (const path of ['/v1/rules', '/proxies', '/metrics']) {
          client.send(`DELETE ${path} HTTP/1.1\r\n${HOST}${token}\r\n`);
          expect(await client.answer()).to.include({ status: 403 });
        }
        const direct = await exchange(
          server.url.replace('[::]', '127.0.0.1'),
          `GET /v1 HTTP/1.1\r\n${HOST}${token}\r\n`,
        );
        expect(direct.status).to.equal(200);
        await server[Symbol.asyncDispose]();
      }
      expect(await control.rules()).to.deep.equal([]);
    }));
});

async function exchange(url: string, sent: string): Promise<RawAnswer> {
  const client = rawClient(url);
  client.send(sent);
  const answer = await client.answer();
  client.destroy();
  if (typeof answer === 'string') throw new Error(`no answer, but ${answer}`);
  return answer;
}

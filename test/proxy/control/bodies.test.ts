import { expect } from 'chai';
import { rawClient } from '../../helpers/raw-client.ts';
import { REFUSED_TEXTS } from './refused-texts.ts';
import { REFUSED_VALUES } from './refused-values.ts';
import { withControl } from './with-control.ts';

const RULE = { on: 'leaderboard', inject: { status: 503 } };
const ONE = JSON.stringify({ rules: [RULE] });

describe('a body that the control API cannot take', () => {
  for (const [what, line, body, status, path, reason, headers] of [
    ...REFUSED_TEXTS,
    ...REFUSED_VALUES,
  ]) {
    it(`is refused with ${status}, and why, and nothing has changed: ${what}`, () =>
      withControl({}, async (ask, { control }) => {
        const before = await control.add([RULE]);
        const length = { 'content-length': String(Buffer.byteLength(body)) };
        const answer = await ask(line, body, { headers: { ...length, ...headers } });
        const said = answer.body as { error: string; status: number; path?: string };
        expect(answer.status, said.error).to.equal(status);
        expect(said.status).to.equal(status);
        expect(said.error).to.match(reason);
        if (path !== undefined || !said.path?.startsWith('rules.0.0'))
          expect(said.path).to.equal(path);
        expect(JSON.stringify(said).length).to.be.below(100_000);
        expect(await control.rules()).to.deep.equal(before);
        expect({}).not.to.have.any.keys('on', 'rules', 'polluted');
        expect((await ask('GET /v1/rules')).status).to.equal(200);
      }));
  }

  it('is taken in chunks as well as whole, up to 1 MB', () =>
    withControl({}, async (ask, { control }, url) => {
      const client = rawClient(url);
      const head =
        'POST /v1/rules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
      const [first, second] = [ONE.slice(0, 9), ONE.slice(9)];
      const chunk = (text: string) => `${text.length.toString(16)};x=y\r\n${text}\r\n`;
      client.send(
        `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(first)}${chunk(second)}0\r\n\r\n`,
      );
      expect(await client.answer()).to.include({ status: 201 });
      const large = `{"rules":[]${' '.repeat(2 ** 20 - 12)}}`;
      expect(large).to.have.length(2 ** 20);
      expect((await ask('POST /v1/rules', large)).status).to.equal(201);
      expect(await control.rules()).to.have.length(1);
      client.destroy();
    }));

  it('is not read without end, however fast it comes', () =>
    withControl({}, async (ask, _rig, url) => {
      const client = rawClient(url);
      const head =
        'POST /v1/rules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
      client.send(`${head}Content-Length: 99999999999\r\n\r\n`);
      for (let i = 0; i < 40; i++) client.send(Buffer.alloc(2 ** 20, ' '));
      await client.ended;
      // An RST for what was still on its way may take the answer along.
      if (client.text !== '') expect(client.text).to.match(/^HTTP\/1.1 413 /);
      client.destroy();
      expect((await ask('GET /v1/rules')).status).to.equal(200);
    }));

  it('holds nothing for longer than the patience of the server when it never comes to its end', () =>
    withControl({ patienceMs: 500 }, async (ask, { control }, url) => {
      const slow = [
        'POST /v1/rules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"rules"',
        'POST /v1/rules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ru',
        'POST /v1/rules HTTP/1.1\r\nHost: local',
      ].map((text) => {
        const client = rawClient(url);
        client.send(text);
        return client;
      });
      // Meanwhile nobody waits for them.
      expect((await ask('POST /v1/rules', ONE)).status).to.equal(201);
      for (const client of slow) {
        const answer = await client.answer();
        expect(answer).to.have.property('status', 408);
        expect(JSON.parse((answer as { body: string }).body)).to.deep.include({ status: 408 });
        expect(await client.ended).to.equal('fin');
        client.destroy();
      }
      expect(await control.rules()).to.have.length(1);
    }));
});

import { expect } from 'chai';
import { startControl } from '../../../src/proxy/control/start-control.ts';
import { rawClient } from '../../helpers/raw-client.ts';
import { CALLS, send, withRig } from '../rig.ts';
import { withControl } from './with-control.ts';

const RULE = { on: 'leaderboard', inject: { status: 503 } };
const SHOWN = { on: 'leaderboard', inject: [{ fault: 'status', code: 503 }] };

describe('the control API', () => {
  it('says what runs', () =>
    withControl({ version: '1.2.3', seed: 's', system: 'portal' }, async (ask, rig) => {
      const { url, proxy } = rig;
      const { status, body } = await ask('GET /v1');
      expect(status).to.equal(200);
      const address = new URL(url).host;
      const target = proxy.upstreams[0]?.made.target;
      expect(body).to.deep.equal({
        version: '1.2.3',
        seed: 's',
        system: 'portal',
        plans: false,
        upstreams: [
          {
            name: 'stats',
            run: 'a',
            url,
            address,
            target,
            protocol: 'http',
            tls: false,
            calls: CALLS,
          },
        ],
      });
    }));

  it('describes the catalogue', () =>
    withControl({}, async (ask) => {
      const { body } = await ask('GET /v1/faults');
      const { faults, triggers } = body as Record<string, { name: string }[]>;
      expect(faults?.map(({ name }) => name)).to.include.members(['latency', 'reset']);
      expect(triggers?.map(({ name }) => name)).to.include('first');
      expect(faults?.find(({ name }) => name === 'status'))
        .to.have.nested.property('parameters[0]')
        .that.includes({ name: 'code', kind: 'integer', range: '200 to 599', required: true });
    }));

  it('adds, shows, replaces and lifts rules', () =>
    withControl({}, async (ask, { url }) => {
      const added = await ask('POST /v1/rules', { run: 'a', rules: [RULE, RULE] });
      const rules = ['a.r1', 'a.r2'].map((id) => ({ id, run: 'a', ...SHOWN }));
      expect(added).to.deep.include({ status: 201, body: { rules } });
      expect((await send(`${url}/leaderboards/duke`)).status).to.equal(503);
      expect(await ask('GET /v1/rules')).to.deep.include({ status: 200, body: { rules } });
      expect((await ask('GET /v1/rules?run=b')).body).to.deep.equal({ rules: [] });
      expect(await ask('GET /v1/rules/a.r2')).to.deep.include({ status: 200, body: rules[1] });

      const inject = { status: 500 };
      const put = await ask('PUT /v1/rules/a.r1', { ...rules[0], inject });
      expect(put.status).to.equal(200);
      expect(put.body).to.deep.equal({ ...rules[0], inject: [{ fault: 'status', code: 500 }] });
      expect((await ask('DELETE /v1/rules/a.r1')).status).to.equal(204);
      expect((await ask('DELETE /v1/rules/a.r1')).status).to.equal(404);
      expect((await ask('DELETE /v1/rules?run=b')).body).to.deep.equal({ removed: 0 });
      const cleared = await ask('DELETE /v1/rules?run=a');
      expect(cleared).to.deep.include({ status: 200, body: { removed: 1 } });
      expect((await send(`${url}/leaderboards/duke`)).status).to.equal(200);
    }));

  it('gives the journal from an earlier next on, and forgets a run', () =>
    withControl({}, async (ask, { url, completed }) => {
      await send(`${url}/leaderboards/duke`);
      await completed(1);
      const first = (await ask('GET /v1/journal?run=a')).body as {
        entries: object[];
        next: number;
      };
      expect(first.entries).to.have.length(1);
      expect(first.entries[0]).to.include({ call: 'leaderboard', end: 'answered', status: 200 });
      const later = (await ask(`GET /v1/journal?since=${first.next}`)).body;
      expect(later).to.deep.equal({ entries: [], next: first.next, overflowed: false });
      const others = (await ask('GET /v1/journal?call=player-stats')).body;
      expect(others).to.have.property('entries').that.deep.equals([]);
      expect((await ask('DELETE /v1/journal?run=a')).status).to.equal(204);
      expect((await ask('GET /v1/journal')).body)
        .to.have.property('entries')
        .that.deep.equals([]);
    }));

  it('lets a waiting exchange go on at once when its rule is lifted', () =>
    withControl({}, async (ask, { connect, entriesWhen }) => {
      await ask('POST /v1/rules', { rules: [{ on: 'leaderboard', inject: 'hang' }] });
      const client = connect();
      client.send('GET /leaderboards/duke HTTP/1.1\r\nHost: stats\r\n\r\n');
      await entriesWhen((all) => all[0]?.injected.length === 1);
      await ask('DELETE /v1/rules/r1');
      expect(await client.answer()).to.include({ status: 200 });
    }));

  for (const [header, value, status] of [
    ['host', 'evil.example', 403],
    ['host', 'evil.example:80', 403],
    ['host', 'localhost.evil.example', 403],
    ['host', '10.0.0.1', 403],
    ['host', '127.0.0.1.evil.example', 403],
    ['host', 'localhost:1', 200],
    ['host', 'LOCALHOST', 200],
    ['host', '127.0.0.1', 200],
    ['host', '[::1]:99', 200],
    ['origin', 'http://evil.example', 403],
    ['origin', 'null', 403],
    ['origin', 'http://localhost:3000', 403],
  ] as const) {
    it(`answers ${status} to ${header}: ${value}`, () =>
      withControl({}, async (ask) => {
        const answer = await ask('GET /v1', undefined, { headers: { [header]: value } });
        expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
      }));
  }

  it('lets a page of its own origin in', () =>
    withControl({}, async (ask, _rig, url) => {
      const answer = await ask('GET /v1', undefined, { headers: { origin: url } });
      expect(answer.status).to.equal(200);
    }));

  it('asks every request for its token, where it has one', () =>
    withControl({ host: '0.0.0.0', token: 'secret' }, async (ask) => {
      for (const line of ['GET /v1', 'GET /v2', 'DELETE /v1/rules']) {
        for (const authorization of [
          '',
          'Bearer',
          'Bearer secre',
          'Bearer secret2',
          'Basic secret',
        ]) {
          const answer = await ask(line, undefined, { headers: { authorization } });
          expect(answer.status).to.equal(401);
          expect(answer.headers['www-authenticate']).to.equal('Bearer');
        }
      }
      const answer = await ask('GET /v1', undefined, {
        headers: { authorization: 'Bearer secret' },
      });
      expect(answer.status).to.equal(200);
    }));

  it('goes by any name where others can reach it: a token keeps pages out', () =>
    withControl({ host: '0.0.0.0', token: 'secret' }, async (ask) => {
      const asked = (headers: Readonly<Record<string, string>>) =>
        ask('GET /v1', undefined, { headers: { host: 'chaos.internal:8474', ...headers } });
      const authorization = 'Bearer secret';
      expect((await asked({ authorization })).status).to.equal(200);
      expect((await asked({})).status).to.equal(401);
      expect((await asked({ authorization, origin: 'http://evil.example' })).status).to.equal(403);
    }));

  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    it(`does not start on ${host} without a token`, () =>
      withRig({}, async ({ proxy }) => {
        const started = startControl({ proxy, port: 0, host });
        const error: unknown = await started.catch((thrown: unknown) => thrown);
        expect(error).to.have.property('code', 'token_needed');
        expect(error).to.have.property('message').that.includes(`${host} can be reached by others`);
      }));
  }

  it('says which port is taken', () =>
    withControl({}, async (_ask, { proxy }, url) => {
      const again = startControl({ proxy, port: Number(new URL(url).port) });
      expect(await again.catch((error: unknown) => error)).to.have.property('code', 'port_taken');
    }));

  it('survives what is not HTTP', () =>
    withControl({}, async (ask, _rig, url) => {
      for (const bytes of [
        '\0\0\0\r\n\r\n',
        'GET\r\n\r\n',
        'POST /v1/rules HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
      ]) {
        const client = rawClient(url);
        client.send(bytes);
        await client.ended;
        client.destroy();
      }
      expect((await ask('GET /v1')).status).to.equal(200);
    }));
});

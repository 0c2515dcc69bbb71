import { expect } from 'chai';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { listen } from '../../../src/common/server.ts';
import { tlsClient } from '../../helpers/tls-client.ts';
import { GET, withRig, type Rig } from '../rig.ts';

describe('tls', () => {
  const wrong = {
    expired: 'CERT_HAS_EXPIRED',
    'self-signed': 'DEPTH_ZERO_SELF_SIGNED_CERT',
    'wrong-host': 'ERR_TLS_CERT_ALTNAME_INVALID',
    handshake: 'EPROTO',
  };

  for (const [kind, code] of Object.entries(wrong)) {
    it(`${kind} makes a service fail with ${code}, without a request`, async () => {
      await withRig({ tls: true }, async ({ control, url, proxy, reached, completed }) => {
        const [rule] = await control.add([{ on: 'stats', inject: { tls: kind } }]);
        expect(await codeOf(url, caOf({ proxy }))).to.match(new RegExp(`^${code}$`));
        const [entry] = await completed(1);
        expect(entry?.call).to.equal(null);
        expect(entry?.end).to.equal(kind === 'handshake' ? 'closed' : 'client-gone');
        expect(entry?.matched).to.deep.equal([rule?.id]);
        expect(entry?.injected).to.deep.include({
          rule: rule?.id,
          fault: 'tls',
          phase: 'handshake',
          atMs: entry?.injected[0]?.atMs,
        });
        expect(reached).to.deep.equal([]);
      });
    });
  }

  it('handshake is an alert, and a FIN, beneath which nothing else was sent', async () => {
    await withRig({ tls: true }, async ({ control, url, proxy, completed }) => {
      await control.add([{ on: 'stats', inject: { tls: 'handshake' } }]);
      const client = tlsClient(url, { ca: caOf({ proxy }) });
      expect(await client.ended).to.equal('fin');
      expect([...client.wire]).to.deep.equal([0x15, 3, 3, 0, 2, 2, 0x28]);
      client.destroy();
      const [entry] = await completed(1);
      expect(entry?.end).to.equal('closed');
    });
  });

  it('handshake waits for a client that says nothing, and ends with it', async () => {
    await withRig({ tls: true }, async ({ control, connect, entriesWhen, completed }) => {
      await control.add([{ on: 'stats', inject: { tls: 'handshake' } }]);
      const client = connect();
      await entriesWhen(([entry]) => entry?.injected.length === 1);
      client.destroy();
      const [entry] = await completed(1);
      expect(entry?.end).to.equal('client-gone');
    });
  });

  it('has not fired on a client that has left before its turn came', async () => {
    await withRig({ tls: true }, async ({ control, connect, entriesWhen, completed }) => {
      const inject = [{ latency: '20ms', at: 'accept' }, { tls: 'handshake' }];
      await control.add([{ on: 'stats', inject }]);
      const client = connect();
      await entriesWhen(([entry]) => entry?.injected.length === 1);
      client.finish();
      const [entry] = await completed(1);
      expect(entry?.end).to.equal('client-gone');
      expect(entry?.injected.map(({ fault }) => fault)).to.deep.equal(['latency']);
    });
  });

  it('acts as its trigger says, and no more once it is lifted', async () => {
    await withRig({ tls: true }, async ({ control, url, proxy }) => {
      const ca = caOf({ proxy });
      const inject = { tls: 'expired' };
      await control.add([{ on: 'stats', inject, trigger: { first: 1 } }]);
      expect(await codeOf(url, ca)).to.equal('CERT_HAS_EXPIRED');
      expect(await codeOf(url, ca)).to.equal('200');
      const [rule] = await control.add([{ on: 'stats', inject }]);
      expect(await codeOf(url, ca)).to.equal('CERT_HAS_EXPIRED');
      await control.remove(rule?.id ?? '');
      expect(await codeOf(url, ca)).to.equal('200');
    });
  });

  it('is disposed of at once while a client is in its handshake', async () => {
    for (const kind of ['handshake', 'expired']) {
      await withRig({ tls: true }, async ({ control, connect, entriesWhen, proxy }) => {
        await control.add([{ on: 'stats', inject: { tls: kind } }]);
        const client = connect();
        await entriesWhen(([entry]) => entry?.injected.length === 1);
        await proxy[Symbol.asyncDispose]();
        expect(await client.ended).to.equal('rst');
      });
    }
  });

  it('acts on an upstream of tcp that is reached by TLS, too', async () => {
    const server = createServer((socket) => void socket.pipe(socket));
    await using echo = await listen(server);
    await withRig({}, async ({ control, open, entriesWhen }) => {
      const target = `tcp://127.0.0.1:${echo.port}`;
      const { url, ca = '' } = await open({
        name: 'db',
        protocol: 'tcp',
        tls: true,
        target,
        calls: {},
      });
      const inject = { tls: 'wrong-host' };
      const [rule] = await control.add([{ on: 'db', inject, trigger: { first: 1 } }]);
      const refusing = tlsClient(url, { ca });
      expect(await refusing.secure).to.equal('ERR_TLS_CERT_ALTNAME_INVALID');
      refusing.destroy();
      const client = tlsClient(url, { ca });
      client.socket.write('ping');
      await client.until((text) => text === 'ping');
      client.destroy();
      const [entry] = await entriesWhen((all) => all.length === 2);
      expect(entry?.injected[0]).to.include({ rule: rule?.id, fault: 'tls', phase: 'handshake' });
    });
  });

  it('leaves connections alone on which TLS stands already', async () => {
    await withRig({ tls: true }, async ({ control, url, proxy }) => {
      const client = tlsClient(url, { ca: caOf({ proxy }) });
      await client.secure;
      await control.add([{ on: 'stats', inject: { tls: 'handshake' } }]);
      client.socket.write(GET);
      await client.until((text) => text.startsWith('HTTP/1.1 200 OK') && text.endsWith(']'));
      client.destroy();
    });
  });
});

function caOf({ proxy }: Pick<Rig, 'proxy'>): string {
  return proxy.upstreams[0]?.ca ?? '';
}

/** What a service made with Node's own client sees: an error's code, or a status. */
function codeOf(url: string, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(`${url}/leaderboards/duke`, { ca, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(String(response.statusCode)));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end();
  });
}

import { expect } from 'chai';
import { createProxy } from '../../src/proxy/proxy.ts';
import { tlsClient, type TlsClient } from '../helpers/tls-client.ts';
import { BODY, GET, withRig, type Rig } from './rig.ts';

describe('an upstream that is reached by TLS', () => {
  /** A rig with TLS, and clients of it. */
  const withTls = (test: (rig: Rig, connect: () => TlsClient) => Promise<void>) =>
    withRig({ tls: true }, async (rig) => {
      const clients: TlsClient[] = [];
      const connect = () => {
        const client = tlsClient(rig.url, { ca: rig.proxy.upstreams[0]?.ca ?? '' });
        clients.push(client);
        return client;
      };
      try {
        await test(rig, connect);
      } finally {
        for (const client of clients) client.destroy();
      }
    });

  it('has an https address, and who signs for it', async () => {
    await withTls(async ({ proxy, url }) => {
      const [upstream] = proxy.upstreams;
      expect(upstream?.url).to.equal(`https://${upstream?.address}`);
      expect(url).to.equal(upstream?.url);
      expect(upstream?.ca).to.match(/^-----BEGIN CERTIFICATE-----\n/);
    });
  });

  it('has one authority with all others of its proxy, and one without TLS has none', async () => {
    await withTls(async ({ proxy, open }) => {
      const other = await open({ name: 'other', host: 'localhost' });
      expect(other.ca).to.equal(proxy.upstreams[0]?.ca);
      const plain = await createProxy().open({ name: 'plain', target: 'http://127.0.0.1:1' });
      expect(plain.url).to.match(/^http:/);
      expect(plain).not.to.have.property('ca');
      await plain[Symbol.asyncDispose]();
    });
  });

  it('answers as its target does, request after request', async () => {
    await withTls(async ({ reached, completed }, connect) => {
      const client = connect();
      for (const times of [1, 2]) {
        client.socket.write(GET);
        await client.until((text) => text.split(BODY).length === times + 1);
      }
      expect(reached).to.have.length(2);
      const entries = await completed(2);
      expect(entries.map(({ call, status, end }) => [call, status, end])).to.deep.equal([
        ['leaderboard', 200, 'answered'],
        ['leaderboard', 200, 'answered'],
      ]);
    });
  });

  const cuts = {
    rst: { fault: 'reset', end: 'reset' },
    fin: { fault: 'close', end: 'closed' },
  } as const;
  for (const [how, { fault, end }] of Object.entries(cuts)) {
    it(`is cut by a genuine ${how.toUpperCase()} when it is accepted, before any TLS`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        await control.add([{ on: 'stats', inject: { [fault]: 'accept' } }]);
        const client = connect();
        expect(await client.ended).to.equal(how);
        expect(client.wire).to.have.length(0);
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });

    it(`is cut by a genuine ${how.toUpperCase()} when the request was read`, async () => {
      await withTls(async ({ control, completed, reached }, connect) => {
        await control.add([{ on: 'leaderboard', inject: fault }]);
        const client = connect();
        client.socket.write(GET);
        expect(await client.ended).to.equal(how);
        expect(client.text).to.equal('');
        expect(reached).to.deep.equal([]);
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });

    it(`is cut by a genuine ${how.toUpperCase()} in the middle of the head`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        const inject = { [fault]: 'headers', after: '20B' };
        await control.add([{ on: 'leaderboard', inject }]);
        const client = connect();
        client.socket.write(GET);
        expect(await client.ended).to.equal(how);
        expect(client.text).to.equal('HTTP/1.1 200 OK\r\ncon');
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });

    it(`is cut by a genuine ${how.toUpperCase()} in the middle of the body`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        await control.add([{ on: 'leaderboard', inject: { [fault]: 'body', after: '20B' } }]);
        const client = connect();
        client.socket.write(GET);
        expect(await client.ended).to.equal(how);
        expect(client.text.split('\r\n\r\n')[1]).to.equal(BODY.slice(0, 20));
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });
  }

  it('falls silent in the handshake when it hangs from the start, and speaks when that is lifted', async () => {
    await withTls(async ({ control, entriesWhen }, connect) => {
      const [rule] = await control.add([{ on: 'stats', inject: 'hang' }]);
      const client = connect();
      await entriesWhen(([entry]) => entry?.injected.length === 1);
      expect(client.wire).to.have.length(0);
      await control.remove(rule?.id ?? '');
      expect(await client.secure).to.equal(undefined);
      client.socket.write(GET);
      await client.until((text) => text.endsWith(BODY));
    });
  });

  for (const [how, { fault, end }] of Object.entries(cuts)) {
    it(`has its live connections cut by a genuine ${how.toUpperCase()}`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        const client = connect();
        client.socket.write(GET);
        await client.until((text) => text.endsWith(BODY));
        await control.add([{ on: 'stats', inject: fault }]);
        expect(await client.ended).to.equal(how);
        expect((await completed(2))[1]?.end).to.equal(end);
      });
    });
  }

  it('refuses connections, and resets live ones', async () => {
    await withTls(async ({ control }, connect) => {
      const live = connect();
      await live.secure;
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      expect(await live.ended).to.equal('rst');
      expect(await connect().ended).to.equal('refused');
    });
  });

  it('ends what a client began that leaves in the middle of the handshake', async () => {
    await withTls(async ({ connect: connectRaw }) => {
      for (const leave of ['finish', 'reset', 'destroy'] as const) {
        const client = connectRaw();
        client.send(Buffer.from([0x16, 3, 1]));
        client[leave]();
      }
      const plain = connectRaw();
      plain.send(GET);
      expect(await plain.ended).to.be.oneOf(['fin', 'rst']);
    });
  });
});

import { expect } from 'chai';
import { createServer } from 'node:net';
import { listen } from '../../src/common/server.ts';
import { brokenBy, findingOf, withStands } from './broken-machine.ts';

describe('the check refuse', () => {
  it('fails where a firewall drops: nothing answers', async () => {
    const { verdict, seen, advice } = await findingOf(
      'refuse',
      brokenBy((stand) => stand.break('hang')),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.include('nothing for 2000 ms');
    expect(advice).to.include('firewall');
  });

  it('fails where new connections are accepted and then reset', async () => {
    const { verdict, seen } = await findingOf(
      'refuse',
      brokenBy((stand) => stand.break('reset')),
    );
    expect([verdict, seen.replace(/after [\d.]+ ms/, 'after TIME')]).to.satisfy(
      ([v, s]: string[]) => v === 'fails' && s?.startsWith('RST after TIME; RST on what was open'),
    );
  });

  it('fails where the port does not come back', async () => {
    const { verdict, seen } = await findingOf(
      'refuse',
      withStands((stand) => ({ ...stand, lift: async () => {} })),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(
      /^a connection to 127\.0\.0\.1:\d+ without any fault ended by ECONNREFUSED$/,
    );
  });
});

describe('the check reset', () => {
  it('fails where an RST turns into a FIN', async () => {
    const { verdict, seen, advice } = await findingOf(
      'reset',
      brokenBy((stand) => stand.break('close')),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(
      /^FIN after \d+ bytes, FIN on a new one, FIN after \d+ bytes beneath TLS$/,
    );
    expect(advice).to.include('VPN');
  });

  it('fails where only what is beneath TLS is not reset', async () => {
    const { verdict, seen } = await findingOf(
      'reset',
      brokenBy((stand, inject) => stand.break(stand.address.tls === undefined ? inject : 'close')),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^RST after .*RST on a new one, FIN after \d+ bytes beneath TLS$/);
  });
});

describe('the check close', () => {
  it('fails where a FIN turns into an RST', async () => {
    const { verdict, seen } = await findingOf(
      'close',
      brokenBy((stand) => stand.break('reset')),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^RST on what was open, RST on a new one/);
  });

  it('fails where a FIN leaves something unread behind, so that an RST follows', async () => {
    // A socket that ends without reading: the system answers what comes after it by an RST.
    await using careless = await listen(
      createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
        socket.on('error', () => {});
        socket.end(() => setTimeout(() => socket.destroy(), 5));
      }),
    );
    const { verdict, seen } = await findingOf(
      'close',
      withStands((stand) => {
        let broken = false;
        return {
          ...stand,
          get address() {
            return broken ? { ...stand.address, port: careless.port } : stand.address;
          },
          async break(inject) {
            broken = true;
            await stand.break(inject);
          },
        };
      }),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^FIN on what was open, (FIN, then )?RST on a new one/);
  });
});

describe('the check hang', () => {
  it('fails where the answer comes all the same', async () => {
    const { verdict, seen } = await findingOf(
      'hang',
      brokenBy(async () => {}),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^\d+ bytes after [\d.]+ ms$/);
  });

  it('fails where the connection is cut instead', async () => {
    const { verdict, seen } = await findingOf(
      'hang',
      brokenBy((stand) => stand.break('reset')),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^RST after [\d.]+ ms$/);
  });

  it('fails where it does not go on after lifting', async () => {
    const { verdict, seen } = await findingOf(
      'hang',
      withStands((stand) => ({ ...stand, lift: async () => {} })),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.equal('no byte for 300 ms, then no answer for 2000 ms after lifting');
  });
});

describe('the check latency', () => {
  it('fails where a wait is cut short', async () => {
    const { verdict, seen, advice } = await findingOf(
      'latency',
      brokenBy((stand) => stand.break({ latency: '200ms' })),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^250 ms asked, 2\d\d to \d+ ms seen in 20/);
    expect(advice).to.include('cut short');
  });

  it('fails where waits are much too long, round after round', async () => {
    const { verdict, advice } = await findingOf(
      'latency',
      brokenBy((stand) => stand.break({ latency: '400ms' })),
    );
    expect(verdict).to.equal('fails');
    expect(advice).to.include('too busy');
  });

  it('forgives a machine that was busy for a moment', async () => {
    let breaks = 0;
    const { verdict } = await findingOf(
      'latency',
      brokenBy((stand, inject) => stand.break(++breaks === 1 ? { latency: '400ms' } : inject)),
    );
    expect([verdict, breaks > 1]).to.deep.equal(['holds', true]);
  });

  it('fails where no answer comes at all', async () => {
    const { verdict, seen } = await findingOf(
      'latency',
      brokenBy((stand) => stand.break('reset')),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.include('not all of 20 were answered');
  });
});

describe('the check tls', () => {
  it('fails where a certificate of the run is not taken', async () => {
    const { verdict, seen } = await findingOf(
      'tls',
      withStands((stand) => ({ ...stand, address: { ...stand.address, tls: {} } })),
    );
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^with its authority trusted: [A-Z_]+$/);
  });
});

describe('the check ports', () => {
  it('cannot prove anything where the system hands out ports that are ours', async () => {
    const { verdict, seen, advice } = await findingOf('ports', () => ({
      ephemeralPorts: () => Promise.resolve([16_000, 65_535] as const),
    }));
    expect([verdict, seen]).to.deep.equal([
      'unknown',
      'ours are 10000 to 32767, the system’s own 16000 to 65535',
    ]);
    expect(advice).to.include('ip_local_port_range');
  });

  it('is not needed where the system does not tell', async () => {
    const { verdict } = await findingOf('ports', () => ({
      ephemeralPorts: () => Promise.resolve(undefined),
    }));
    expect(verdict).to.equal('not needed');
  });
});

describe('the check clock', () => {
  it('fails where time goes back', async () => {
    let looks = 0;
    const { verdict, seen } = await findingOf('clock', ({ clock }) => ({
      clock: { ...clock, now: () => clock.now() - (++looks > 2000 ? 30 : 0) },
    }));
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^back by (\d|30)/);
  });

  it('fails where the wall’s clock is set meanwhile', async () => {
    let looks = 0;
    const { verdict, seen } = await findingOf('clock', ({ clock }) => ({
      clock: { ...clock, wall: () => clock.wall() + (++looks > 1 ? 3600_000 : 0) },
    }));
    expect(verdict).to.equal('fails');
    expect(seen).to.match(/^never back .* 3\d{6} ms apart/);
  });
});

describe('the check ipv6', () => {
  it('is not needed where there is no such loopback', async () => {
    const { verdict, seen } = await findingOf('ipv6', () => ({
      open: () => Promise.reject(new Error('listen EADDRNOTAVAIL ::1')),
    }));
    expect([verdict, seen]).to.deep.equal(['not needed', 'no ::1 here (listen EADDRNOTAVAIL ::1)']);
  });
});

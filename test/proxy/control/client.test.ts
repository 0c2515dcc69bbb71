import { expect } from 'chai';
import { InvalidError } from '../../../src/common/errors.ts';
import { createControlClient } from '../../../src/proxy/control/client.ts';
import { startControl } from '../../../src/proxy/control/start-control.ts';
import type { FaultControl } from '../../../src/proxy/fault-control.ts';
import { createProxy, type Proxy } from '../../../src/proxy/proxy.ts';
import { CALLS, send } from '../rig.ts';

// Not on a rig: fetch keeps its connections, so that what is open afterwards says nothing of the proxy.
for (const where of ['in this process', 'over HTTP'] as const) {
  describe(`the control of a proxy ${where}`, () => {
    it('adds, replaces, shows and lifts rules', () =>
      withBoth(where, async (control) => {
        const added = await control.add([{ on: 'leaderboard', inject: { status: 503 } }], 'a');
        const shown = { on: 'leaderboard', inject: [{ fault: 'status', code: 503 }] };
        expect(added).to.deep.equal([{ id: 'a.r1', run: 'a', ...shown }]);
        const [unscoped] = await control.add([{ on: 'leaderboard', inject: 'reset' }]);
        expect(unscoped).to.deep.equal({
          id: 'r1',
          on: 'leaderboard',
          inject: [{ fault: 'reset' }],
        });
        const replaced = await control.replace('r1', shown);
        expect(replaced).to.deep.equal({ id: 'r1', ...shown });
        expect(await control.rules('a')).to.deep.equal(added);
        expect(await control.rules()).to.have.length(2);
        expect(await control.remove('r1')).to.equal(true);
        expect(await control.remove('r1')).to.equal(false);
        expect(await control.replace('r1', shown)).to.equal(undefined);
        expect(await control.clear('b')).to.equal(0);
        expect(await control.clear()).to.equal(1);
      }));

    it('throws the same errors, with the same paths', () =>
      withBoth(where, async (control) => {
        const wrong = [
          { on: 'stats', inject: 'hang' },
          { on: 'leaderboard', inject: ['rset'] },
        ];
        const error: unknown = await control.add(wrong).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(InvalidError);
        expect((error as InvalidError).message).to.equal(
          '1.inject.0: unknown fault "rset", did you mean "reset"?',
        );
        await control.add([{ on: 'stats', inject: 'hang' }]);
        const other: unknown = await control
          .replace('r1', { on: 'x', inject: 'hang' })
          .catch((e: unknown) => e);
        expect((other as InvalidError).problems[0]?.path).to.deep.equal(['on']);
        expect(await control.rules()).to.have.length(1);
      }));

    it('reads and forgets the journal', () =>
      withBoth(where, async (control, proxy) => {
        await control.add([{ on: 'leaderboard', inject: 'empty' }]);
        await send(`${proxy.upstreams[0]?.url}/leaderboards/duke`);
        const read = await control.journal({ run: 'a', call: 'leaderboard', since: 0 });
        expect(read.entries).to.have.length(1);
        expect(read.entries[0]).to.include({ run: 'a', call: 'leaderboard', upstream: 'stats' });
        expect(read).to.have.property('overflowed', false);
        await control.forget('a');
        expect((await control.journal()).entries).to.deep.equal([]);
      }));
  });
}

describe('the control of a proxy that cannot be had', () => {
  it('says that nothing answers', async () => {
    const error: unknown = await createControlClient('http://127.0.0.1:9')
      .rules()
      .catch((e: unknown) => e);
    expect(error).to.have.property('code', 'control_unreachable');
    expect(error).to.have.property('message').that.includes('http://127.0.0.1:9');
  });

  it('says that the token is wrong', async () => {
    const proxy = createProxy();
    const server = await startControl({ proxy, port: 0, token: 'secret' });
    expect(await createControlClient(server.url, 'secret').rules()).to.deep.equal([]);
    const error: unknown = await createControlClient(server.url, 'x')
      .rules()
      .catch((e: unknown) => e);
    expect(error).to.have.property('code', 'token_needed');
    expect(error).to.have.property('message').that.includes('token');
    await server[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  it('says so to who reads its events, too', async () => {
    const proxy = createProxy();
    const server = await startControl({ proxy, port: 0, token: 'secret' });
    const { signal } = new AbortController();
    const first = (url: string, token: string) => {
      const events = createControlClient(url, token).events(signal)[Symbol.asyncIterator]();
      return events.next().catch((error: unknown) => error);
    };
    expect(await first('http://127.0.0.1:9', 'secret')).to.have.property(
      'code',
      'control_unreachable',
    );
    expect(await first(server.url, 'wrong')).to.have.property('code', 'token_needed');
    await server[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });
});

async function withBoth(
  where: 'in this process' | 'over HTTP',
  test: (control: FaultControl, proxy: Proxy) => Promise<void>,
): Promise<void> {
  const proxy = createProxy();
  await proxy.open({ name: 'stats', target: 'http://127.0.0.1:9', calls: CALLS, run: 'a' });
  const server = await startControl({ proxy, port: 0 });
  try {
    await test(where === 'over HTTP' ? createControlClient(server.url) : proxy.control, proxy);
  } finally {
    await server[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  }
}

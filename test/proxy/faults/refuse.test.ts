import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../../src/common/server.ts';
import { GET, withRig } from '../rig.ts';

describe('refuse on the wire', () => {
  it('refuses new connections, resets live ones, and serves again on the same port', () =>
    withRig({}, async ({ control, connect }) => {
      const live = connect();
      live.send(GET);
      await live.answer();
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      expect(await live.ended).to.equal('rst');
      expect(await connect().ended).to.equal('refused');
      await control.clear();
      const again = connect();
      again.send(GET);
      expect(await again.answer()).to.include({ status: 200 });
    }));

  it('has an entry that covers the period', () =>
    withRig({}, async ({ control }) => {
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      const [open] = (await control.journal()).entries;
      expect(open).to.include({ end: 'pending', call: null, method: null, path: null });
      expect(open?.injected[0]).to.include({ fault: 'refuse', phase: 'accept', rule: 'r1' });
      await control.clear();
      const [over] = (await control.journal()).entries;
      expect(over).to.include({ id: open?.id, end: 'closed' });
      expect(over?.durationMs).to.be.above(0);
    }));

  it('takes a port that the system gives to no other program', () =>
    withRig({}, async ({ url, open }) => {
      for (const { port } of [new URL(url), new URL((await open()).url)]) {
        expect(Number(port)).to.be.within(10_000, 32_767);
      }
    }));

  it('stays closed until the last of two is lifted', () =>
    withRig({}, async ({ control, connect }) => {
      const [first, second] = await control.add([
        { on: 'stats', inject: 'refuse' },
        { on: 'stats', inject: 'refuse' },
      ]);
      await control.remove(first?.id ?? '');
      expect(await connect().ended).to.equal('refused');
      await control.remove(second?.id ?? '');
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('opens and closes 200 times', () =>
    withRig({}, async ({ control, connect }) => {
      for (let i = 0; i < 200; i++) {
        await control.add([{ on: 'stats', inject: 'refuse' }]);
        expect(await connect().ended).to.equal('refused');
        await control.clear();
        const client = connect();
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200 });
        client.destroy();
      }
    }));

  it('is lifted whole when its lifting overtakes its coming', () =>
    withRig({}, async ({ control, connect }) => {
      await Promise.all([control.add([{ on: 'stats', inject: 'refuse' }]), control.clear()]);
      expect(await control.rules()).to.deep.equal([]);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('stays closed while one refuse is replaced by another', () =>
    withRig({}, async ({ control, connect }) => {
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      await control.replace('r1', { on: 'stats', inject: ['refuse'] });
      expect(await connect().ended).to.equal('refused');
      await control.replace('r1', { on: 'stats', inject: { latency: '1ms' } });
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('does not open a listener again that was disposed of meanwhile', () =>
    withRig({}, async ({ control, connect, proxy }) => {
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      await proxy.upstreams[0]?.[Symbol.asyncDispose]();
      await control.clear();
      expect(await connect().ended).to.equal('refused');
    }));

  it('closes a listener that is opened while its rule stands', () =>
    withRig({}, async ({ control, connect, open }) => {
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      const { url } = await open();
      expect(await connect(url).ended).to.equal('refused');
      await control.clear();
      const client = connect(url);
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('says so when another program took the port, and opens the others', () =>
    withRig({}, async ({ control, connect, url, open }) => {
      const { url: other } = await open();
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      const thief = await listen(createServer(), Number(new URL(url).port));
      const failed = await control.clear().catch((error: unknown) => error);
      expect(failed).to.have.property('code', 'port_taken');
      await thief[Symbol.asyncDispose]();
      const client = connect(other);
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      const { entries } = await control.journal();
      expect(entries.every(({ end }) => end !== 'pending')).to.equal(true);
    }));

  it('takes no trigger, for it acts as long as its rule stands', () =>
    withRig({}, async ({ control }) => {
      const refused = control.add([{ on: 'stats', inject: 'refuse', trigger: { first: 1 } }]);
      const error = await refused.catch((thrown: unknown) => thrown);
      expect(error).to.have.nested.property('problems[0].path').that.deep.equals([0, 'trigger']);
    }));
});

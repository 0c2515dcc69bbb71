import { expect } from 'chai';
import { GET, nextPoll, withRig } from './rig.ts';
import { echo, silent, withTcp } from './tcp-rig.ts';

/** Every byte there is, and none that is valid HTTP. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

describe('an upstream of protocol tcp', () => {
  it('passes every byte both ways as it is', () =>
    withTcp(silent, async ({ dial, peer }) => {
      const client = dial();
      const end = await peer(0);
      for (let i = 0; i < 3; i++) {
        client.send(BYTES);
        end.send(BYTES);
      }
      const all = BYTES.toString('latin1').repeat(3);
      await client.until((text) => text.length >= all.length);
      await end.until((text) => text.length >= all.length);
      expect([client.text, end.text]).to.deep.equal([all, all]);
    }));

  it('lets the upstream speak first', () =>
    withTcp(
      (peer) => peer.send('220 ready'),
      async ({ dial }) => {
        const client = dial();
        await client.until((text) => text === '220 ready');
      },
    ));

  it('takes HTTP for the bytes that it is', () =>
    withTcp(echo, async ({ dial, completed }) => {
      const client = dial();
      client.send(GET);
      await client.until((text) => text === GET);
      client.finish();
      expect(await client.ended).to.equal('fin');
      expect((await completed(1))[0]).to.include({ call: null, method: null, path: null });
    }));

  it('passes megabytes both ways at once, with back-pressure', () =>
    withTcp(echo, async ({ dial, completed }) => {
      const client = dial();
      const piece = Buffer.alloc(1024 ** 2, 'x');
      client.pause();
      for (let i = 0; i < 8; i++) client.send(piece);
      client.finish();
      for (let i = 0; i < 20; i++) await nextPoll();
      client.resume();
      expect(await client.ended).to.equal('fin');
      expect(client.text.length).to.equal(8 * 1024 ** 2);
      const [entry] = await completed(1);
      expect(entry).to.include({ bytesIn: 8 * 1024 ** 2, bytesOut: 8 * 1024 ** 2 });
    }));

  for (const first of ['client', 'upstream'] as const) {
    it(`stays half open when the ${first} has ended its side`, () =>
      withTcp(silent, async ({ dial, peer, completed }) => {
        const client = dial();
        const end = await peer(0);
        const [done, goesOn] = first === 'client' ? [client, end] : [end, client];
        done.send('that was it');
        done.finish();
        expect(await goesOn.ended).to.equal('fin');
        expect(goesOn.text).to.equal('that was it');
        goesOn.send('but there is more');
        await done.until((text) => text === 'but there is more');
        goesOn.finish();
        expect(await done.ended).to.equal('fin');
        expect(await done.failed).to.equal(false);
        await completed(1);
      }));
  }

  it('resets one side when the other has reset, and says who it was', () =>
    withTcp(silent, async ({ dial, peer, completed }) => {
      const [left, cut] = [dial(), await peer(0)];
      cut.reset();
      expect(await left.ended).to.equal('rst');
      const gone = dial();
      const kept = await peer(1);
      gone.reset();
      expect(await kept.ended).to.equal('rst');
      const ends = (await completed(2)).map(({ end }) => end);
      expect(ends).to.deep.equal(['upstream-failed', 'client-gone']);
    }));

  it('has one entry for each connection, with what went over it', () =>
    withTcp(echo, async ({ dial, completed, entriesWhen }) => {
      for (let i = 1; i <= 3; i++) {
        const client = dial();
        client.send('x'.repeat(i));
        await client.until((text) => text.length === i);
        await entriesWhen((all) => all[i - 1]?.end === 'pending');
        client.finish();
        expect(await client.ended).to.equal('fin');
        const entry = (await completed(i))[i - 1];
        expect(entry).to.deep.include({
          upstream: 'db',
          call: null,
          method: null,
          path: null,
          status: null,
          bytesIn: i,
          bytesOut: i,
          matched: [],
          injected: [],
        });
      }
      expect(await completed(3)).to.have.length(3);
    }));

  it('keeps the faults of each upstream to itself', () =>
    withTcp(echo, async ({ control, dial, connect }) => {
      await control.add([{ on: 'stats', inject: 'reset' }]);
      const client = dial();
      client.send('x');
      await client.until((text) => text === 'x');
      await control.clear();
      await control.add([{ on: 'db', inject: 'reset' }]);
      expect(await client.ended).to.equal('rst');
      const http = connect();
      http.send(GET);
      expect(await http.answer()).to.include({ status: 200 });
    }));

  it('is refused like any other, and comes back on the same port', () =>
    withTcp(echo, async ({ control, dial, dialled }) => {
      const open = dial();
      open.send('x');
      await open.until((text) => text === 'x');
      await control.add([{ on: 'db', inject: 'refuse' }]);
      expect(await open.ended).to.equal('rst');
      expect(await dial().ended).to.equal('refused');
      expect(dialled()).to.equal(1);
      await control.clear();
      const client = dial();
      client.send('x');
      await client.until((text) => text === 'x');
    }));

  it('lets a trigger count its connections', () =>
    withTcp(echo, async ({ control, dial }) => {
      await control.add([{ on: 'db', inject: 'close', trigger: { nth: 2 } }]);
      const first = dial();
      first.send('1');
      await first.until((text) => text === '1');
      expect(await dial().ended).to.equal('fin');
      const last = dial();
      last.send('3');
      await last.until((text) => text === '3');
    }));

  it('resets the client when its upstream is not there', () =>
    withRig({}, async ({ connect, open, completed }) => {
      const { url } = await open({
        name: 'nobody',
        target: 'tcp://127.0.0.1:1',
        protocol: 'tcp',
        calls: {},
      });
      expect(await connect(url).ended).to.equal('rst');
      expect((await completed(1))[0]).to.include({ end: 'upstream-failed', upstream: 'nobody' });
    }));
});

/** Each fault that can act on bytes alone, with what its client sees of an upstream that gives back what it gets. */
const ACTING = [
  { inject: 'reset', ends: 'rst', end: 'reset' },
  { inject: 'close', ends: 'fin', end: 'closed' },
  { inject: { reset: 'body', after: '2B' }, ends: 'rst', end: 'reset' },
  { inject: { close: 'body', after: '2B' }, ends: 'fin', end: 'closed' },
  { inject: { 'limit-data': '2B' }, ends: 'fin', end: 'closed' },
  { inject: { 'limit-time': '20ms' }, ends: 'fin', end: 'closed' },
  { inject: { hang: 'accept', for: '20ms' }, gives: 'hello' },
  { inject: { latency: '20ms', at: 'body' }, gives: 'hello' },
  { inject: { bandwidth: '100B/s' }, gives: 'hello' },
  { inject: { slicer: '1B' }, gives: 'hello' },
  { inject: { 'slow-close': '20ms' }, gives: 'hello' },
  { inject: { corrupt: 1 }, gives: '' },
] as const;

describe('a fault on a tcp upstream', () => {
  for (const when of ['new', 'open'] as const) {
    for (const { inject, ...seen } of ACTING) {
      it(`acts on a connection that is ${when}: ${JSON.stringify(inject)}`, () =>
        withTcp(echo, async ({ control, dial, peer, entriesWhen, dialled }) => {
          const add = () => control.add([{ on: 'db', inject }]);
          if (when === 'new') await add();
          const client = dial();
          if (when === 'open') {
            await peer(0);
            await add();
          }
          client.send('hello');
          if ('ends' in seen) expect(await client.ended).to.equal(seen.ends);
          else {
            await client.until((text) => text.length === 5);
            expect(client.text === 'hello').to.equal(seen.gives === 'hello');
            client.finish();
            expect(await client.ended).to.equal('fin');
          }
          const entries = await entriesWhen((all) => all.every(({ end }) => end !== 'pending'));
          const fired = entries.filter(({ injected }) => injected.length > 0);
          expect(fired).to.have.length(1);
          expect(fired[0]).to.deep.include({ matched: ['r1'], call: null, method: null });
          expect(fired[0]?.injected).to.have.length(1);
          if ('end' in seen) expect(fired[0]?.end).to.equal(seen.end);
          expect(dialled()).to.be.at.most(1);
        }));
    }
  }

  it('acts with others of its rule on the same bytes', () =>
    withTcp(echo, async ({ control, dial, completed }) => {
      await control.add([
        {
          on: 'db',
          inject: [{ slicer: '2B' }, { latency: '20ms', at: 'body' }, { 'limit-data': '7B' }],
        },
      ]);
      const client = dial();
      const began = performance.now();
      client.send('0123456789');
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.equal('0123456');
      expect(performance.now() - began).to.be.at.least(20);
      const [entry] = await completed(1);
      expect(entry?.injected.map(({ fault }) => fault).sort()).to.deep.equal([
        'latency',
        'limit-data',
        'slicer',
      ]);
    }));
});

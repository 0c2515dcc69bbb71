import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { InvalidError } from '../../../src/common/errors.ts';
import { GET, nextPoll, withRig, type Rig } from '../rig.ts';

describe('a port that is closed by the time', () => {
  /** A rig whose clock stands until the test sets it. */
  const withTime = (test: (rig: Rig, at: (ms: number) => void) => Promise<void>) => {
    let now = 1_700_000_000_000;
    const start = now;
    return withRig({ clock: () => now }, (rig) => test(rig, (ms) => (now = start + ms)));
  };
  const answers = async (rig: Rig) => {
    const client = rig.connect();
    client.send(GET);
    const end = await client.answer();
    return typeof end === 'string' ? end : 'answered';
  };
  const until = async (rig: Rig, expected: string) => {
    while ((await answers(rig)) !== expected) await nextPoll();
  };

  it('refuses only after a while, and only for a while', () =>
    withTime(async (rig, at) => {
      await rig.control.add([
        { on: 'stats', inject: 'refuse', trigger: { after: '20ms', for: '30ms' } },
      ]);
      expect(await answers(rig)).to.equal('answered');
      at(20);
      await until(rig, 'refused');
      at(49.9);
      // Longer than its timers are: what stands is not done again.
      for (const from = performance.now(); performance.now() - from < 60;)
        expect(await answers(rig)).to.equal('refused');
      at(50);
      await until(rig, 'answered');
      const closed = (await rig.completed(1)).filter(({ method }) => method === null);
      expect(closed.map(({ injected }) => injected.map(({ fault }) => fault))).to.deep.equal([
        ['refuse'],
      ]);
    }));

  it('refuses in turn, as often as its time comes', () =>
    withTime(async (rig, at) => {
      await rig.control.add([
        { on: 'stats', inject: 'refuse', trigger: { flap: { up: '20ms', down: '10ms' } } },
      ]);
      for (let turn = 0; turn < 3; turn++) {
        at(turn * 30);
        await until(rig, 'answered');
        at(turn * 30 + 20);
        await until(rig, 'refused');
      }
      await rig.control.clear();
      expect(await answers(rig)).to.equal('answered');
      const entries = await rig.entriesWhen((all) => all.every(({ end }) => end !== 'pending'));
      expect(entries.filter(({ injected }) => injected.length > 0)).to.have.length(3);
    }));

  it('is open again as soon as the rule is lifted, and stays so', () =>
    withTime(async (rig, at) => {
      const rule = {
        on: 'stats',
        inject: 'refuse',
        trigger: { flap: { up: '20ms', down: '10ms' } },
      };
      for (const ms of [20, 40]) {
        await rig.control.add([rule]);
        at(ms);
        await until(rig, 'refused');
        await rig.control.clear();
        expect(await answers(rig)).to.equal('answered');
      }
      await rig.control.add([rule]);
      await rig.control.clear();
      at(60);
      expect(await answers(rig)).to.equal('answered');
    }));

  it('keeps its time when the rule is replaced, and stays closed for the one that follows', () =>
    withTime(async (rig, at) => {
      const rule = { on: 'stats', inject: 'refuse', trigger: { after: '20ms' } };
      await rig.control.add([rule]);
      at(15);
      await rig.control.replace('r1', rule);
      at(20);
      await until(rig, 'refused');
      await rig.control.replace('r1', { ...rule, trigger: { after: '10ms' } });
      expect(await answers(rig)).to.equal('refused');
      await rig.control.replace('r1', { ...rule, trigger: { after: '30ms' } });
      expect(await answers(rig)).to.equal('answered');
    }));

  it('says when the rule is lifted that the port was taken meanwhile', () =>
    withTime(async (rig, at) => {
      await rig.control.add([{ on: 'stats', inject: 'refuse', trigger: { for: '20ms' } }]);
      const { hostname, port } = new URL(rig.url);
      const thief = createServer((socket) => socket.destroy()).listen(Number(port), hostname);
      await once(thief, 'listening');
      at(20);
      await rig.completed(1);
      const told = await rig.control.clear().catch((error: unknown) => error);
      thief.close();
      expect(told).to.be.instanceOf(Error).with.property('code', 'port_taken');
    }));

  it('lets a proxy go that is disposed of while it is closed, or about to be', async () => {
    for (const ms of [0, 20]) {
      await withTime(async (rig, at) => {
        await rig.control.add([{ on: 'stats', inject: 'refuse', trigger: { after: '20ms' } }]);
        at(ms);
        if (ms > 0) await until(rig, 'refused');
      });
    }
  });

  it('cannot be had by chance or by number: no request is seen there', () =>
    withRig({}, async (rig) => {
      for (const trigger of [{ first: 2 }, { probability: 0.5 }, { 'max-active': 1 }]) {
        for (const more of [{}, { after: '1s' }]) {
          const rule = { on: 'stats', inject: 'refuse', trigger: { ...trigger, ...more } };
          const error: unknown = await rig.control.add([rule]).catch((thrown: unknown) => thrown);
          expect(error).to.be.instanceOf(InvalidError);
          const [problem] = (error as InvalidError).problems;
          expect(problem?.path).to.deep.equal([0, 'trigger']);
          expect(problem?.message).to.equal(
            'refuse acts on the port itself, whatever is asked there: it takes triggers of time only (after, flap, for)',
          );
        }
      }
    }));
});

describe('connections that are open', () => {
  it('are cut when the time of a rule comes', async () => {
    let now = 0;
    await withRig({ clock: () => now }, async (rig) => {
      await rig.control.add([{ on: 'stats', inject: 'reset', trigger: { after: '20ms' } }]);
      const client = rig.connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      now = 20;
      expect(await client.ended).to.equal('rst');
    });
  });

  it('are cut each time it comes', () =>
    withRig({}, async (rig) => {
      const trigger = { flap: { up: '30ms', down: '10ms' } };
      await rig.control.add([{ on: 'stats', inject: 'reset', trigger }]);
      for (let cut = 0; cut < 3;) {
        const client = rig.connect();
        client.send(GET);
        const answered = typeof (await client.answer()) !== 'string';
        expect(await client.ended).to.equal('rst');
        if (answered) cut++;
      }
    }));

  it('are held once, however often the time comes', async () => {
    let now = 0;
    await withRig({ clock: () => now }, async (rig) => {
      const client = rig.connect();
      client.send(GET);
      await client.answer();
      const trigger = { flap: { up: '20ms', down: '10ms' } };
      const { url } = await rig.open({ name: 'other' });
      await rig.control.add([
        { on: 'stats', inject: 'hang', trigger },
        { on: 'other', inject: 'refuse', trigger },
      ]);
      for (now of [20, 30, 50]) {
        const expected = now === 30 ? undefined : 'refused';
        let seen: string | undefined;
        do {
          const probe = rig.connect(url);
          probe.send(GET);
          const end = await probe.answer();
          seen = typeof end === 'string' ? end : undefined;
        } while (seen !== expected);
      }
      const { entries } = await rig.control.journal();
      const held = entries.filter(
        ({ upstream, matched }) => upstream === 'stats' && matched.length > 0,
      );
      expect(held).to.have.length(1);
    });
  });
});

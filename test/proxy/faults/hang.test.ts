import { expect } from 'chai';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';
import { echo, silent, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

describe('hang on the wire', () => {
  for (const at of ['accept', 'request', 'headers', 'body'] as const) {
    it(`keeps the connection open and silent at ${at}, until the client gives up`, () =>
      withRig({}, async ({ control, connect, entriesWhen, completed }) => {
        await control.add([
          { on: at === 'accept' ? 'stats' : 'leaderboard', inject: { hang: at } },
        ]);
        const client = connect();
        client.send(GET);
        const [pending] = await entriesWhen((all) => all[0]?.injected.length === 1);
        expect(pending?.end).to.equal('pending');
        if (at === 'body') await client.until((text) => text.includes('\r\n\r\n'));
        for (let i = 0; i < 20; i++) await nextPoll();
        const seen = client.text.split('\r\n\r\n')[1];
        expect(seen).to.equal(
          at === 'body' ? BODY.slice(0, Math.floor(BODY.length / 2)) : undefined,
        );
        client.destroy();
        const [entry] = await completed(1);
        expect(entry?.end).to.equal('client-gone');
        expect((await control.journal()).entries).to.have.length(1);
      }));

    it(`lasts at least as long as it is told to at ${at}`, () =>
      withRig({}, async ({ control, connect }) => {
        const on = at === 'accept' ? 'stats' : 'leaderboard';
        await control.add([{ on, inject: { hang: at, for: '60ms' } }]);
        const before = performance.now();
        const client = connect();
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        expect(performance.now() - before).to.be.at.least(60);
      }));
  }

  it('never lets a request of a client that gave up reach the upstream', () =>
    withRig({}, async ({ control, connect, entriesWhen, completed, reached }) => {
      await control.add([{ on: 'stats', inject: 'hang' }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      client.destroy();
      await completed(1);
      await control.clear();
      expect(reached).to.deep.equal([]);
    }));

  it('holds a connection that is open, from the first byte that it stops', () =>
    withRig({}, async ({ control, connect, entriesWhen, completed }) => {
      const [used, idle] = [connect(), connect()];
      for (const client of [used, idle]) {
        client.send(GET);
        await client.answer();
      }
      await control.add([{ on: 'stats', inject: 'hang' }]);
      const held = (await entriesWhen((all) => all.length === 4)).filter(({ call }) => !call);
      expect(held.flatMap(({ injected }) => injected)).to.deep.equal([]);
      used.send(GET);
      await entriesWhen((all) => all.some(({ injected }) => injected.length === 1));
      await control.clear();
      expect(await used.answer()).to.include({ status: 200 });
      const entries = await completed(5);
      expect(entries.flatMap(({ injected }) => injected)).to.have.length(1);
    }));

  it('stops what comes down only, with stream: down: the request still reaches the upstream', () =>
    withRig({}, async ({ control, connect, entriesWhen, reached, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { hang: 'request', stream: 'down' } }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      while (reached.length === 0) await nextPoll();
      for (let i = 0; i < 20; i++) await nextPoll();
      expect(client.text).to.equal('');
      await control.clear();
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      expect((await completed(1))[0]).to.include({ end: 'answered' });
    }));

  it('stops what goes up only, with stream: up: the request never comes there', () =>
    withRig({}, async ({ control, connect, entriesWhen, reached, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { hang: 'request', stream: 'up' } }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      for (let i = 0; i < 20; i++) await nextPoll();
      expect(reached).to.deep.equal([]);
      await control.clear();
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      expect((await completed(1))[0]).to.include({ end: 'answered' });
    }));

  for (const stream of ['down', 'up'] as const) {
    for (const when of ['new', 'open'] as const) {
      it(`stops one direction of a tcp connection that is ${when}, with stream: ${stream}`, () =>
        withTcp(silent, async ({ control, dial, peer, entriesWhen }) => {
          const add = () => control.add([{ on: 'db', inject: { hang: 'accept', stream } }]);
          if (when === 'new') await add();
          const client = dial();
          const end = await peer(0);
          if (when === 'open') await add();
          const [from, to] = stream === 'down' ? [end, client] : [client, end];
          to.send('the other way');
          await from.until((text) => text === 'the other way');
          from.send('held');
          await entriesWhen((all) => all.some(({ injected }) => injected.length === 1));
          for (let i = 0; i < 20; i++) await nextPoll();
          expect(to.text).to.equal('');
          await control.clear();
          await to.until((text) => text === 'held');
        }));
    }
  }

  it('lasts as long as it is told to on a tcp connection, and loses nothing', () =>
    withTcp(echo, async ({ control, dial, completed }) => {
      await control.add([{ on: 'db', inject: { hang: 'accept', for: '60ms' } }]);
      const began = performance.now();
      const client = dial();
      client.send('x'.repeat(100_000));
      await client.until((text) => text.length === 100_000);
      expect(performance.now() - began).to.be.at.least(60);
      client.finish();
      expect((await completed(1))[0]?.injected[0]).to.include({ fault: 'hang', phase: 'accept' });
    }));

  it('says where bytes stop on a tcp upstream', () =>
    withTcp(silent, async (rig) => {
      for (const at of ['request', 'headers', 'body'])
        expect(await problemOf(rig, { on: 'db', inject: { hang: at } })).to.include(
          `hang at ${at}`,
        );
    }));
});

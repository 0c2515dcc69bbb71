import { expect } from 'chai';
import { createControlClient } from '../../../src/proxy/control/client.ts';
import type { ControlEvent, FaultControl } from '../../../src/proxy/fault-control.ts';
import { createProxy } from '../../../src/proxy/proxy.ts';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { GET, send } from '../rig.ts';
import { startBoth, WHERES } from './with-both.ts';

const PATH = '/leaderboards/duke';
const RULE = { on: 'leaderboard', inject: { status: 503 } };

for (const where of WHERES) {
  describe(`the events of a proxy ${where}`, () => {
    it('tell of rules that come, change and go, and of exchanges that they act on', async () => {
      await using both = await startBoth(where);
      await using feed = follow(both.control);
      const [added] = await both.control.add([RULE]);
      expect(await feed.next()).to.deep.equal({ type: 'rules', added: [added], removed: [] });
      await send(both.url + PATH);
      const fired = await feed.exchange();
      expect(fired).to.include({ end: 'pending', call: 'leaderboard' });
      expect(fired.injected).to.have.length(1);
      const over = await feed.exchange();
      expect(over).to.include({ id: fired.id, end: 'answered', status: 503 });
      expect([over]).to.deep.equal((await both.control.journal()).entries);
      const replaced = await both.control.replace('r1', { ...RULE, inject: 'empty' });
      expect(await feed.next()).to.deep.equal({
        type: 'rules',
        added: [replaced],
        removed: ['r1'],
      });
      await both.control.clear();
      expect(await feed.next()).to.deep.equal({ type: 'rules', added: [], removed: ['r1'] });
      await send(both.url + PATH);
      expect(await feed.exchange()).to.include({ end: 'answered', status: 200 });
      const armed = await both.control.arm(RULE);
      expect(await feed.next()).to.deep.equal({ type: 'rules', added: [armed], removed: [] });
      await send(both.url + PATH);
      await feed.exchange();
      expect(await feed.next()).to.deep.equal({ type: 'rules', added: [], removed: ['r2'] });
      expect(await feed.exchange()).to.include({ end: 'answered', status: 503 });
    });

    it('tell nothing of a change that was refused, or changes nothing', async () => {
      await using both = await startBoth(where);
      await using feed = follow(both.control);
      await both.control.add([RULE, { on: 'x', inject: 'hang' }]).catch(() => {});
      await both.control.clear();
      await both.control.remove('r9');
      await both.control.add([RULE]);
      expect(await feed.next()).to.have.nested.property('added[0].id', 'r1');
    });

    it('tell of one run where that is asked for', async () => {
      await using both = await startBoth(where);
      const { url } = await both.proxy.open({ name: 'db', target: both.url, run: 'a' });
      await using feed = follow(both.control, { run: 'a' });
      await both.control.add([RULE]);
      await both.control.add([RULE], 'a');
      await send(both.url + PATH);
      await send(url);
      await both.control.clear();
      expect(await feed.next()).to.have.nested.property('added[0].id', 'a.r1');
      expect(await feed.exchange()).to.include({ run: 'a', upstream: 'db' });
      expect(await feed.next()).to.deep.equal({ type: 'rules', added: [], removed: ['a.r1'] });
    });

    it('end when the signal aborts, and when it was aborted before', async () => {
      await using both = await startBoth(where);
      const stop = new AbortController();
      const all = collect(both.control.events(stop.signal));
      await both.control.add([RULE]);
      stop.abort();
      expect((await all).length).to.be.at.most(1);
      expect(await collect(both.control.events(stop.signal))).to.deep.equal([]);
    });

    it('end when the proxy is disposed', async () => {
      await using both = await startBoth(where);
      const all = collect(both.control.events(new AbortController().signal));
      await both.control.rules();
      await both.proxy[Symbol.asyncDispose]();
      expect(await all).to.deep.equal([]);
    });

    it('tell who was too slow how many were lost, and go on', async () => {
      await using both = await startBoth(where);
      await using feed = follow(both.control);
      await both.control.add([RULE]);
      expect(await feed.next()).to.have.property('type', 'rules');
      // Without a turn of the loop, so that nobody can read on.
      for (let i = 0; i < 1500; i++) void both.proxy.control.add([RULE]);
      await both.proxy.control.clear();
      let seen = 0;
      let lost = 0;
      for (;;) {
        const event = await feed.next();
        if (event.type === 'lost') lost += event.count;
        else seen++;
        if (seen + lost === 1501) break;
      }
      if (where === 'in this process') expect(lost).to.equal(501);
      await both.control.add([RULE]);
      expect(await feed.next()).to.have.nested.property('added[0].id', 'r1502');
    });
  });
}

describe('the stream of events', () => {
  it('tells that it lives while nothing happens, and never says more than asked', async () => {
    await using both = await startBoth('over HTTP', { heartbeatMs: 5 });
    const client = both.connect(both.controlUrl);
    client.send('GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.until((text) => text.split('\n:\n').length > 3);
    expect(client.text).to.match(/^HTTP\/1.1 200 OK\r\ncontent-type: text\/event-stream\r\n/i);
  });

  it('keeps a thousand for a client that does not read, and tells it how many it lost', async () => {
    await using both = await startBoth('over HTTP');
    const reader = both.connect(both.controlUrl);
    reader.send('GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await reader.until((text) => text.includes(':\n\n'));
    reader.pause();
    // More than the buffers of the system hold.
    const path = `/leaderboards/${'x'.repeat(4000)}`;
    const request = `GET ${path} HTTP/1.1\r\nHost: stats\r\n\r\n`;
    const sender = both.connect();
    sender.send(request);
    const { raw } = (await sender.answer()) as RawAnswer;
    const sent = 6000;
    for (let i = 1; i < sent; i++) {
      sender.send(request);
      // In parts: who pipelines too much is not followed any more.
      if (i % 100 === 0) await sender.until(({ length }) => length >= i * raw.length);
    }
    await sender.until(({ length }) => length === sent * raw.length);
    await both.completed(sent);
    reader.resume();
    await reader.until((text) => text.includes('event: lost'));
    await reader.until((text) => /event: lost\ndata: .*\n\n/.test(text));
    const lost = Number(/event: lost\ndata: \{"count":(\d+)\}/.exec(reader.text)?.[1]);
    const [before = ''] = reader.text.split('event: lost');
    expect(before.split('event: exchange').length - 1 + lost).to.equal(sent);
    expect(lost).to.be.above(100);
    await both.control.add([RULE]);
    await reader.until((text) => text.includes('event: rules'));
  });

  it('comes to its end when the control server stops', async () => {
    await using both = await startBoth('over HTTP');
    const all = collect(both.control.events(new AbortController().signal));
    await both.control.rules();
    const client = both.connect(both.controlUrl);
    client.send('GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.until((text) => text.includes(':\n\n'));
    await both.stop();
    expect(await client.ended).to.equal('fin');
    expect(client.text).to.match(/0\r\n\r\n$/);
    expect(await all).to.deep.equal([]);
  });

  it('tells its reader of all that this one did afterwards, however long it took to come', async () => {
    await using both = await startBoth('over HTTP');
    await using between = createProxy();
    const { url } = await between.open({ name: 'control', target: both.controlUrl });
    const slow = { on: 'control', match: 'GET /v1/events', inject: { latency: '200ms' } };
    await between.control.add([slow]);
    const control = createControlClient(url);
    await using feed = follow(control);
    await control.add([RULE]);
    expect(await feed.next()).to.have.nested.property('added[0].id', 'r1');
  });

  it('is forgotten when its client has left', async () => {
    await using both = await startBoth('over HTTP');
    const client = both.connect(both.controlUrl);
    client.send('GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.until((text) => text.includes(':\n\n'));
    client.reset();
    const hung = both.connect();
    hung.send(GET);
    await hung.answer();
    await both.stop();
  });

  it('has a head alone where only that is asked for', async () => {
    await using both = await startBoth('over HTTP');
    const client = both.connect(both.controlUrl);
    client.send('HEAD /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await client.answer(true)).to.include({ status: 200 });
    client.send('GET /v1/rules HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await client.answer()).to.include({ status: 200, body: '{"rules":[]}' });
  });
});

interface Feed extends AsyncDisposable {
  readonly next: () => Promise<ControlEvent>;
  readonly exchange: () => Promise<Extract<ControlEvent, { type: 'exchange' }>['entry']>;
}

function follow(control: FaultControl, query?: { run: string }): Feed {
  const stop = new AbortController();
  const events = control.events(stop.signal, query)[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = (await events.next()) as { value: ControlEvent };
    return value;
  };
  return {
    next,
    async exchange() {
      const event = await next();
      if (event.type !== 'exchange') throw new Error(`expected an exchange: ${event.type}`);
      return event.entry;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      expect(await events.next()).to.have.property('done', true);
    },
  };
}

async function collect(events: AsyncIterable<ControlEvent>): Promise<ControlEvent[]> {
  const all: ControlEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

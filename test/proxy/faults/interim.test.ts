import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type InformationEvent } from 'node:http';
import { expect } from 'chai';
import nodeFetch from 'node-fetch';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, ROWS, withRig } from '../rig.ts';

const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload; as=style\r\n\r\n';

describe('interim on the wire', () => {
  it('comes as often as it is told, before the head of the real answer', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { interim: 103, count: 3 } }]);
      const client = connect();
      client.send(GET);
      for (let i = 0; i < 3; i++) expect(await client.answer()).to.include({ raw: HINTS });
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      const [entry] = await completed(1);
      expect(entry).to.include({ status: 200, end: 'answered', bytesOut: client.text.length });
      expect(entry?.injected).to.have.length(1);
      expect(entry?.injected[0]).to.include({ fault: 'interim', phase: 'headers' });
    }));

  for (const [code, head] of [
    [100, 'HTTP/1.1 100 Continue\r\n\r\n'],
    [102, 'HTTP/1.1 102 Processing\r\n\r\n'],
    [103, HINTS],
  ] as const) {
    it(`says ${code} once to each request of a connection, also to those that were pipelined`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { interim: code } }]);
        const client = connect();
        client.send(GET + GET);
        for (let i = 0; i < 2; i++) {
          expect(await client.answer()).to.include({ raw: head });
          expect(await client.answer()).to.include({ status: 200, body: BODY });
        }
        expect((await completed(2)).map(({ injected }) => injected.length)).to.deep.equal([1, 1]);
      }));
  }

  it('comes behind what the upstream says in the meantime itself', () =>
    withRig(
      {
        handler(_request, response) {
          response.writeEarlyHints({ link: '</real.css>; rel=preload; as=style' });
          response.end(BODY);
        },
      },
      async ({ control, connect }) => {
        await control.add([{ on: 'leaderboard', inject: 'interim' }]);
        const client = connect();
        client.send(GET);
        const [first, second, last] = [
          (await client.answer()) as RawAnswer,
          (await client.answer()) as RawAnswer,
          (await client.answer()) as RawAnswer,
        ];
        expect(first.head).to.include('</real.css>');
        expect(second.raw).to.equal(HINTS);
        expect(last.status).to.equal(200);
      },
    ));

  it('comes before the answer that another fault gives', () =>
    withRig({}, async ({ control, connect, reached, completed }) => {
      await control.add([{ on: 'leaderboard', inject: [{ status: 503 }, { interim: 100 }] }]);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 100 });
      expect(await client.answer()).to.include({ status: 503 });
      const [entry] = await completed(1);
      expect(entry?.injected.map(({ fault }) => fault)).to.deep.equal(['status', 'interim']);
      expect(reached).to.deep.equal([]);
    }));

  it('does not come when it was lifted before the upstream answered', () => {
    let answer = () => {};
    return withRig(
      { handler: (_request, response) => void (answer = () => response.end(BODY)) },
      async ({ control, connect, reached, entriesWhen, completed }) => {
        await control.add([{ on: 'leaderboard', inject: 'interim' }]);
        const client = connect();
        client.send(GET);
        await entriesWhen(() => reached.length > 0);
        await control.clear();
        answer();
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        expect((await completed(1))[0]?.injected).to.deep.equal([]);
      },
    );
  });

  it('is an event to Node’s client, each time, and the connection stays good', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { interim: 103, count: 100 } }]);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ports = new Set<unknown>();
      for (let i = 0; i < 2; i++) {
        const seen: InformationEvent[] = [];
        const sent = request(`${url}/leaderboards/duke`, { agent }).end();
        sent.on('information', (event) => seen.push(event));
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        ports.add(response.socket.localPort);
        expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).to.deep.equal(ROWS);
        expect(seen).to.have.length(100);
        expect(seen[0]).to.include({ statusCode: 103, statusMessage: 'Early Hints' });
        expect(seen[0]?.headers).to.have.property('link', '</style.css>; rel=preload; as=style');
      }
      agent.destroy();
      expect(ports.size).to.equal(1);
    }));

  it('is passed over by node-fetch, whatever its status', () =>
    withRig({}, async ({ control, url }) => {
      for (const interim of [100, 102, 103]) {
        await control.clear();
        await control.add([{ on: 'leaderboard', inject: { interim, count: 3 } }]);
        const response = await nodeFetch(`${url}/leaderboards/duke`);
        expect([response.status, await response.json()]).to.deep.equal([200, ROWS]);
      }
    }));

  it('is passed over by Node’s fetch, save that a 100 which it has not asked for makes it give up', () =>
    withRig({}, async ({ control, url }) => {
      for (const interim of [102, 103]) {
        await control.clear();
        await control.add([{ on: 'leaderboard', inject: { interim } }]);
        const response = await fetch(`${url}/leaderboards/duke`);
        expect([response.status, await response.json()]).to.deep.equal([200, ROWS]);
      }
      await control.clear();
      await control.add([{ on: 'leaderboard', inject: { interim: 100 } }]);
      const error = await fetch(`${url}/leaderboards/duke`).catch((cause: unknown) => cause);
      expect(error).to.have.nested.property('cause.message', 'bad response');
    }));
});

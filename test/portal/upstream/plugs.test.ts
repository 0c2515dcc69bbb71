import { expect } from 'chai';
import { CallFailure } from '../../../src/portal/upstream/failure.ts';
import { DEFAULT_PLUGS } from '../../../src/portal/upstream/plugs/catalogue.ts';
import type { Hooks, Plug } from '../../../src/portal/upstream/plugs/plug.ts';
import { json, text } from '../stub-stats.ts';
import { CAUSE, failureOf, NO_PAUSE, useService, valueOf } from './service-under-test.ts';

const plug = (name: string, hooks: Hooks): Plug => ({ name, plugIn: () => hooks });

describe('portal: the plugs of a service (row 92)', () => {
  const system = useService({ policy: NO_PAUSE });
  const ask = { path: ['thing'] };

  function restartWith(...plugs: readonly Plug[]): void {
    system.restart({ plugs: [...DEFAULT_PLUGS, ...plugs], policy: NO_PAUSE });
  }

  it('one of your own may change a request, and the service sees it (row 92)', async () => {
    restartWith(plug('stamp', { request: ({ headers }) => void (headers['x-stamp'] = 'here') }));
    valueOf(await system.call()(ask, CAUSE));
    expect(system.stub.calls[0]?.headers).to.include({ 'x-stamp': 'here' });
  });

  it('see requests in their order and answers in the opposite one, for each attempt', async () => {
    const seen: string[] = [];
    const note = (name: string) =>
      plug(name, {
        request: () => void seen.push(`${name}>`),
        response: ({ status }) => void seen.push(`<${name} ${status}`),
      });
    restartWith(note('a'), note('b'));
    system.stub.board = text('', 500);
    failureOf(await system.call()(ask, CAUSE));
    const round = ['a>', 'b>', '<b 500', '<a 500'];
    expect(seen).to.deep.equal([...round, ...round]);
  });

  it('are waited for when they take their time', async () => {
    const slowly = plug('slowly', {
      async request({ headers }) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        headers['x-late'] = 'yes';
      },
      async response(reply) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        reply.body = Buffer.from('"changed"');
      },
    });
    restartWith(slowly);
    expect(valueOf(await system.call()(ask, CAUSE))).to.equal('changed');
    expect(system.stub.calls[0]?.headers).to.include({ 'x-late': 'yes' });
  });

  it('may modify a status and adapt the data, so that what is missing is empty (row 103)', async () => {
    const noneIsEmpty = plug('none-is-empty', {
      response(reply) {
        if (reply.status !== 404) return;
        reply.status = 200;
        reply.body = [];
      },
    });
    restartWith(noneIsEmpty);
    system.stub.board = text('<h1>Not Found</h1>', 404);
    expect(valueOf(await system.call()(ask, CAUSE))).to.deep.equal([]);
    system.stub.board = text('<h1>Gone</h1>', 410);
    expect(failureOf(await system.call({ name: 'other' })(ask, CAUSE)).status).to.equal(410);
  });

  it('one that throws at a request fails the call before anything is sent, once', async () => {
    restartWith(
      plug('broken', {
        request() {
          throw new TypeError('secret inner workings');
        },
      }),
    );
    const outcome = await system.call()(ask, CAUSE);
    expect(failureOf(outcome)).to.include({ reason: 'unreachable', retryable: false });
    expect(outcome.attempts).to.equal(0);
    expect(system.stub.calls).to.deep.equal([]);
    expect(system.log).to.have.length(1);
    expect(system.log[0]).to.include({ cause: 'a plug failed: secret inner workings' });
  });

  for (const [what, response] of [
    [
      'throws',
      () => {
        throw new TypeError('odd');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('odd'))],
    // oxlint-disable-next-line typescript/only-throw-error -- a plug of anyone's may throw anything
    ['rejects with no error', () => Promise.reject('odd')],
  ] as const) {
    it(`one that ${what} at an answer fails the call, without another attempt`, async () => {
      restartWith(plug('broken', { response }));
      const outcome = await system.call()(ask, CAUSE);
      expect(failureOf(outcome)).to.include({ reason: 'invalid_response', retryable: false });
      expect(outcome.attempts).to.equal(1);
      expect(system.log[0]).to.include({ cause: 'a plug failed: odd' });
    });
  }

  it('one may say itself what the failure is', async () => {
    const failure = new CallFailure('rate_limited', 'the day is over', { retryAfterMs: 5000 });
    restartWith(
      plug('quota', {
        request() {
          throw failure;
        },
      }),
    );
    expect(failureOf(await system.call()(ask, CAUSE))).to.equal(failure);
  });

  for (const hook of ['request', 'response'] as const) {
    it(`one that never ends at ${hook === 'request' ? 'a request' : 'an answer'} holds up its attempt, and no more`, async () => {
      const endless = plug('endless', { [hook]: () => new Promise<void>(() => undefined) });
      const policy = { ...NO_PAUSE, attemptTimeoutMs: 30, bulkhead: { limit: 1 } };
      system.restart({ plugs: [...DEFAULT_PLUGS, endless], policy });
      const call = system.call();
      for (let i = 0; i < 3; i++) {
        expect(failureOf(await call(ask, CAUSE))).to.include({ reason: 'timeout' });
      }
      const deadline = { attemptTimeoutMs: 10_000, deadlineMs: 40 };
      system.restart({ plugs: [...DEFAULT_PLUGS, endless], policy: deadline });
      expect(failureOf(await system.call()(ask, CAUSE)).reason).to.equal('timeout');
    });
  }

  it('never open the breaker by their own mistakes', async () => {
    restartWith(
      plug('broken', {
        response() {
          throw new Error('odd');
        },
      }),
    );
    const call = system.call();
    for (let i = 0; i < 30; i++) failureOf(await call(ask, CAUSE));
    expect(system.service.states()[0]).to.include({ breaker: 'closed' });
    expect(system.stub.calls).to.have.length(30);
  });

  it('one that asks for the same again and again is stopped within the attempt', async () => {
    restartWith(plug('insatiable', { response: () => 'again' }));
    const outcome = await system.call()(ask, CAUSE);
    expect(outcome.ok).to.equal(true);
    expect(outcome.attempts).to.equal(11);
  });

  it('one may have a request sent anew, with what it has learnt (row 100)', async () => {
    let token = 'old';
    const renew = plug('renew', {
      request: ({ headers }) => void (headers['x-token'] = token),
      response({ status }) {
        if (status !== 401 || token === 'new') return undefined;
        token = 'new';
        return 'again';
      },
    });
    restartWith(renew);
    system.stub.board = (exchange) =>
      (exchange.request.headers['x-token'] === 'new' ? json([1]) : text('', 401))(exchange);
    const outcome = await system.call()(ask, CAUSE);
    expect(valueOf(outcome)).to.deep.equal([1]);
    expect(outcome.attempts).to.equal(2);
  });

  it('are told which call they serve', async () => {
    const told: string[] = [];
    restartWith({
      name: 'curious',
      plugIn({ call }) {
        told.push(call);
        return {};
      },
    });
    system.call({ name: 'one' });
    system.call({ name: 'two' });
    expect(told).to.deep.equal(['one', 'two']);
  });

  for (const [what, body] of [
    ['text', 'hello'],
    ['nothing', ''],
    ['half of an object', '{"a":'],
    ['no UTF-8', Buffer.from('"\xff"', 'latin1')],
  ] as const) {
    it(`json makes ${what} an invalid response (row 93)`, async () => {
      system.stub.board = text(body);
      expect(failureOf(await system.call()(ask, CAUSE)).reason).to.equal('invalid_response');
    });
  }

  it('json gives no document for a 204, and leaves it to the call whether that will do', async () => {
    system.stub.board = text('', 204);
    expect(valueOf(await system.call()(ask, CAUSE))).to.equal(undefined);
  });

  it('json writes what is sent, and says so', async () => {
    system.restart({ methods: ['POST'] });
    const received: string[] = [];
    system.stub.board = (exchange) => {
      exchange.request.on('data', (chunk: Buffer) => received.push(chunk.toString()));
      exchange.request.on('end', () => json({ id: 7 }, 201)(exchange));
    };
    const create = system.call({ method: 'POST' });
    expect(valueOf(await create({ ...ask, body: { a: [1] } }, CAUSE))).to.deep.equal({ id: 7 });
    expect(received.join('')).to.equal('{"a":[1]}');
    expect(system.stub.calls[0]?.headers).to.include({ 'content-type': 'application/json' });
  });
});

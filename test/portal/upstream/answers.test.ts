import { expect } from 'chai';
import { z } from 'zod';
import { HttpError } from '../../../src/portal/errors/http-error.ts';
import { until } from '../portal-under-test.ts';
import { inTurn, json, raw, reset, text } from '../stub-stats.ts';
import { CAUSE, failureOf, NO_PAUSE, useService, valueOf } from './service-under-test.ts';

describe('portal: what a service makes of an answer', () => {
  const system = useService({ policy: NO_PAUSE, messageField: 'status.message' });
  const ask = { path: ['thing'] };
  let calls = 0;
  const get = () => system.call({ name: `call ${++calls}` })(ask, CAUSE);

  it('below 400 it is a model: fields that nobody asked for are dropped, a missing one is an error (row 43)', async () => {
    const model = z.object({ user_id: z.string(), score: z.number() });
    const call = system.call({ name: 'model', read: (document) => model.parse(document) });
    system.stub.board = json({ user_id: 'ada', score: 3, rank: 1, secret: 'x' });
    expect(valueOf(await call(ask, CAUSE))).to.deep.equal({ user_id: 'ada', score: 3 });
    system.stub.board = json({ user_id: 'ada' });
    expect(failureOf(await call(ask, CAUSE))).to.include({
      reason: 'invalid_response',
      retryable: true,
      transient: false,
    });
    expect(system.log[0]).to.include({ cause: 'not what was asked for' });
  });

  it('the model may depend on the status and the headers of the answer (row 103)', async () => {
    const read = (
      document: unknown,
      { status, headers }: { status: number; headers: unknown },
    ) => ({
      status,
      total: (headers as Headers).get('x-total'),
      document,
    });
    system.stub.board = text('[]', 203, { 'X-Total': '7' });
    const outcome = await system.call({ name: 'whole', read })(ask, CAUSE);
    expect(valueOf(outcome)).to.deep.equal({ status: 203, total: '7', document: [] });
  });

  for (const id of ['', '.', '..', '\ud800', 'a\udc00b']) {
    it(`an id ${JSON.stringify(id)} that no path holds is a typed error, and no request is sent (row 42)`, async () => {
      const error = await system
        .call()({ path: ['things', id] }, CAUSE)
        .catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(HttpError);
      expect(error).to.include({ status: 400, code: 'invalid_id' });
      expect(system.stub.calls).to.deep.equal([]);
      expect(system.called).to.deep.equal([]);
    });
  }

  for (const status of [299, 218, 200]) {
    it(`a ${status} is a success, as every status of its class is (row 104)`, async () => {
      system.stub.board = json(['well'], status);
      expect(valueOf(await get())).to.deep.equal(['well']);
    });
  }

  for (const [status, transient] of [
    [599, true],
    [600, true],
    [999, true],
    [499, false],
    [418, false],
    [399, false],
    [304, false],
    [300, false],
  ] as const) {
    it(`a ${status} that nobody has heard of is bad_status, ${transient ? 'and tried again' : 'once'} (row 104)`, async () => {
      const reply = `HTTP/1.1 ${status} Odd\r\nContent-Length: 2\r\n\r\n[]`;
      system.stub.board = status === 304 ? text('', 304) : raw(reply);
      const outcome = await get();
      expect(failureOf(outcome)).to.include({ reason: 'bad_status', status, transient });
      expect(outcome.attempts).to.equal(transient ? 2 : 1);
    });
  }

  for (const [what, body] of [
    ['an object of lists', '{"errors": [[["no"]]], "status": []}'],
    ['a message that is no text', '{"status": {"message": {"text": "no"}}}'],
    ['an empty message', '{"status": {"message": "  "}}'],
    ['nothing', ''],
    ['HTML', '<h1>Internal Server Error</h1>'],
    ['bytes', '\x00\x01\x02'],
    ['a list', '["a"]'],
    ['null', 'null'],
  ] as const) {
    it(`an error whose body is ${what} has no message, and is what its status says (row 104)`, async () => {
      system.stub.board = text(body, 400);
      const failure = failureOf(await get());
      expect(failure).to.include({ reason: 'bad_status', status: 400, said: undefined });
    });
  }

  it('the message of a 4xx is carried verbatim, also JSON within it, without what a log or terminal obeys', async () => {
    for (const [given, said] of [
      ['Data not found - summoner', 'Data not found - summoner'],
      ['{"a": ["b", 1]}', '{"a": ["b", 1]}'],
      ['one\r\ntwo\u0000\u001b[31m', 'one two [31m'],
      ['abc\u202edef', 'abc def'],
      ['x'.repeat(5000), `${'x'.repeat(1000)}…`],
    ] as const) {
      system.stub.board = json({ status: { message: given } }, 404);
      expect(failureOf(await get()).said).to.equal(said);
    }
  });

  it('the message of a 5xx is for the log alone (row 107)', async () => {
    system.stub.board = json({ status: { message: 'disk full, password=hunter2' } }, 500);
    const failure = failureOf(await get());
    expect(failure).to.include({ status: 500, said: undefined });
    expect(system.log[0]).to.include({ said: 'disk full, password=[hidden]' });
  });

  it('a plain text of an error is for the log alone, in its first characters (row 107)', async () => {
    system.stub.board = text('Invalid product Id', 400);
    expect(failureOf(await get()).said).to.equal(undefined);
    expect(system.log[0]).to.include({ said: 'Invalid product Id', cause: 'answered 400' });
    system.stub.board = text('y'.repeat(100_000), 400);
    failureOf(await get());
    expect(String(system.log[1]?.['said'])).to.have.length(301);
  });

  it('a page for browsers is not for the log, either', async () => {
    system.stub.board = text('\n<!doctype html><title>502</title>', 502);
    failureOf(await get());
    expect(system.log[0]).to.not.have.property('said');
  });

  it('without a declared field no message is carried', async () => {
    system.restart({ policy: NO_PAUSE });
    system.stub.board = json({ status: { message: 'M' }, message: 'N' }, 400);
    expect(failureOf(await get()).said).to.equal(undefined);
  });

  for (const status of [401, 403]) {
    it(`a ${status} says that the portal itself is not let in: an alert in the log, no retry, no breaker (row 102)`, async () => {
      system.restart({ policy: NO_PAUSE, keys: ['our-own-key'] });
      system.stub.board = json({ status: { message: 'Forbidden' } }, status);
      const call = system.call();
      for (let i = 0; i < 25; i++) {
        const outcome = await call(ask, CAUSE);
        expect(failureOf(outcome)).to.include({ reason: 'bad_status', status, retryable: false });
        expect(outcome.attempts).to.equal(1);
      }
      expect(system.service.states()[0]).to.include({ breaker: 'closed' });
      expect(system.log).to.have.length(25);
      expect(system.log[0]).to.include({ level: 'error', reason: 'bad_status' });
      expect(system.log[0]?.['msg']).to.equal(
        `The sample service does not accept the portal itself (${status}): look at its keys`,
      );
    });
  }

  it('a cookie that the service sets is not sent back, nor one that someone adds (row 105)', async () => {
    const call = system.call();
    system.stub.board = text('[]', 200, { 'Set-Cookie': 'session=abc; Path=/' });
    valueOf(await call(ask, CAUSE));
    valueOf(await call({ ...ask, headers: { Cookie: 'a=b' } }, CAUSE));
    for (const { headers } of system.stub.calls) expect(headers).to.not.have.property('cookie');
  });

  it('a POST that fails is not sent again: it may have been done', async () => {
    system.restart({ methods: ['GET', 'POST', 'PUT', 'DELETE'], policy: NO_PAUSE });
    system.stub.board = text('', 503);
    for (const [method, attempts] of [
      ['POST', 1],
      ['PUT', 2],
      ['DELETE', 2],
      ['GET', 2],
    ] as const) {
      const outcome = await system.call({ name: method, method })(ask, CAUSE);
      expect(outcome.attempts, method).to.equal(attempts);
    }
  });

  it('between two attempts is a pause that chance draws from its range (row 29)', async () => {
    system.restart({ policy: { backoffMinMs: 50, backoffMaxMs: 250 } });
    const arrived: number[] = [];
    system.stub.board = (exchange) => {
      arrived.push(performance.now());
      text('', 503)(exchange);
    };
    failureOf(await get());
    // Chance is one half here.
    expect((arrived[1] ?? 0) - (arrived[0] ?? 0)).to.be.at.least(149);
  });

  it('a pause that would last beyond the deadline ends with it, and leaves no timer', async () => {
    const hour = 3_600_000;
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    system.restart({ policy: { backoffMinMs: hour, backoffMaxMs: hour, deadlineMs: 60 } });
    system.stub.board = text('', 503);
    // The first one leaves a connection, which has timers of its own.
    failureOf(await get());
    const before = timers().length;
    expect(failureOf(await get())).to.include({ reason: 'timeout', status: undefined });
    await until(() => timers().length <= before);
  });

  it('an attempt that is given up in the middle of a body leaves no connection behind', async () => {
    system.restart({ policy: { ...NO_PAUSE, attempts: 1, attemptTimeoutMs: 40 } });
    system.stub.board = ({ response }) => void response.writeHead(200).write('[1');
    expect(failureOf(await get()).reason).to.equal('timeout');
    await until(() => system.stub.connections() === 0);
  });

  it('that comes after it was given up is not taken for the answer to the next question', async () => {
    system.restart({ policy: { ...NO_PAUSE, attempts: 1, attemptTimeoutMs: 40 } });
    const call = system.call();
    let gone: (() => void) | undefined;
    system.stub.board = (exchange) => (gone = () => json(['late'])(exchange));
    expect(failureOf(await call(ask, CAUSE)).reason).to.equal('timeout');
    gone?.();
    system.stub.board = json(['next']);
    expect(valueOf(await call(ask, CAUSE))).to.deep.equal(['next']);
  });

  it('each call is told to the observer, with what was answered and what was sent', async () => {
    const call = system.call();
    valueOf(await call(ask, CAUSE));
    system.stub.board = text('', 503);
    failureOf(await call(ask, CAUSE));
    system.stub.board = inTurn(text('', 503), reset);
    failureOf(await call(ask, CAUSE));
    const told = system.called.map(({ durationMs, ...rest }) => {
      expect(durationMs).to.be.a('number').that.is.at.least(0);
      return rest;
    });
    const common = { service: 'sample', call: 'thing', requestId: CAUSE.requestId };
    expect(told).to.deep.equal([
      { ...common, outcome: 'ok', status: 200, attempts: 1 },
      { ...common, outcome: 'bad_status', status: 503, attempts: 2 },
      { ...common, outcome: 'unreachable', attempts: 2 },
    ]);
  });
});

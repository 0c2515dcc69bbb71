import { expect } from 'chai';
import nodeFetch from 'node-fetch';
import { createLog } from '../../../src/portal/log.ts';
import { createService } from '../../../src/portal/upstream/service.ts';
import { hang, json, startStub, text, type Answer } from '../stub-stats.ts';
import { CAUSE, failureOf, valueOf } from './service-under-test.ts';

/** All that someone has to write for another service. */
function createNews(baseUrl: string, log: (line: string) => void) {
  const service = createService(
    { name: 'news', baseUrl, policy: { deadlineMs: 20_000 } },
    {
      fetch: nodeFetch,
      log: createLog('info', { write: log }),
      random: Math.random,
      randomHex: (bytes) => '0'.repeat(2 * bytes),
      now: () => performance.timeOrigin + performance.now(),
    },
  );
  const headlines = service.call({ name: 'headlines', read: (document) => document as string[] });
  return {
    headlines: () => headlines({ path: ['headlines'] }, CAUSE),
    close: () => service.close(),
  };
}

describe('portal: a second service, of a few lines of configuration (row 91)', () => {
  const cut: Answer = ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]');
  for (const [what, answer, failure, attempts] of [
    ['a service that hangs', hang, { reason: 'timeout', retryable: true }, 2],
    ['a reset', ({ socket }) => socket.resetAndDestroy(), { reason: 'unreachable' }, 2],
    ['a 500', text('<h1>no</h1>', 500), { reason: 'bad_status', status: 500 }, 2],
    ['a 404', text('', 404), { reason: 'bad_status', status: 404, retryable: false }, 1],
    ['a 429', text('', 429, { 'Retry-After': '7' }), { reason: 'rate_limited', status: 429 }, 1],
    ['HTML', text('<html>'), { reason: 'invalid_response' }, 1],
    ['half an answer', cut, { reason: 'unreachable' }, 2],
    ['a redirect', text('', 302, { Location: '/' }), { reason: 'bad_status', status: 302 }, 1],
  ] as const satisfies readonly (readonly [string, Answer, object, number])[]) {
    it(`turns ${what} into a failure of the same shape, with one line in the log (row 91)`, async () => {
      await using stub = await startStub();
      stub.board = answer;
      const lines: string[] = [];
      const news = createNews(stub.url, (line) => lines.push(line));
      const outcome = await news.headlines();
      expect(failureOf(outcome)).to.include(failure);
      expect(outcome.attempts).to.equal(attempts);
      expect(lines).to.have.length(1);
      const { reason } = failureOf(outcome);
      expect(JSON.parse(lines[0] ?? '')).to.include({
        level: 'warn',
        service: 'news',
        call: 'headlines',
        url: `${stub.url}/headlines`,
        reason,
        attempts,
        requestId: CAUSE.requestId,
        msg: `The headlines call of the news service failed (${reason})`,
      });
      news.close();
    });
  }

  it('has a breaker, which opens after ten failed attempts and then asks nobody (row 91)', async () => {
    await using stub = await startStub();
    stub.board = text('', 503);
    const news = createNews(stub.url, () => undefined);
    for (let i = 0; i < 5; i++) failureOf(await news.headlines());
    expect(failureOf(await news.headlines())).to.include({ reason: 'circuit_open' });
    expect(stub.calls).to.have.length(10);
    news.close();
  });

  it('answers what it is asked when all is well', async () => {
    await using stub = await startStub();
    stub.board = json(['Portal opens']);
    const news = createNews(stub.url, () => undefined);
    expect(valueOf(await news.headlines())).to.deep.equal(['Portal opens']);
    news.close();
  });
});

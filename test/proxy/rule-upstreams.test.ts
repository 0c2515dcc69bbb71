import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { InvalidError } from '../../src/common/errors.ts';
import { parseRule } from '../../src/proxy/rule-spec.ts';
import { NAMES } from './rule-book.ts';
import { withRig, type Rig } from './rig.ts';

describe('a rule on an upstream that speaks tcp', () => {
  /** A rig with one more upstream, `cache`, that sends back what it gets. */
  const withEcho = async (test: (rig: Rig, url: string) => Promise<void>) => {
    const echo = await listen(createServer((socket) => void socket.pipe(socket)));
    try {
      await withRig({}, async (rig) => {
        const more = { name: 'cache', target: `tcp://${new URL(echo.url).host}`, calls: {} };
        const { url } = await rig.open({ ...more, protocol: 'tcp' });
        await test(rig, url);
      });
    } finally {
      await echo[Symbol.asyncDispose]();
    }
  };

  it('acts on its connections, as often as its trigger says', () =>
    withEcho(async ({ control, connect }, url) => {
      await control.add([{ on: 'cache', inject: 'reset', trigger: { nth: 2 } }]);
      for (const expected of [undefined, 'rst', undefined]) {
        const client = connect(url);
        client.send('ping');
        expect(await client.until((text) => text === 'ping')).to.equal(expected);
      }
    }));

  it('takes no fault of HTTP, no match, and no phase that only HTTP has', () =>
    withEcho(async ({ control }) => {
      for (const [rule, path, message] of [
        [
          { inject: { status: 503 } },
          [0, 'inject'],
          /^status acts on HTTP, and "cache" speaks tcp: use .*reset/,
        ],
        [{ inject: ['reset', 'empty'] }, [0, 'inject', 1], /^empty acts on HTTP/],
        [
          { inject: { hang: 'headers' } },
          [0, 'inject'],
          /^hang at headers acts on HTTP.*at: accept or at: body$/,
        ],
        [
          { inject: 'reset', match: 'GET /' },
          [0, 'match'],
          /^"cache" speaks tcp, where no request is read.*on: cache/,
        ],
      ] as const) {
        const error: unknown = await control
          .add([{ on: 'cache', ...rule }])
          .catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(InvalidError);
        const [problem] = (error as InvalidError).problems;
        expect(problem?.path).to.deep.equal(path);
        expect(problem?.message).to.match(message);
      }
      expect(await control.rules()).to.deep.equal([]);
    }));

  it('names no call of it', () => {
    const names = { cache: { calls: ['get'], protocol: 'tcp' } } as const;
    expect(() => parseRule({ on: 'cache.get', inject: 'reset' }, names))
      .to.throw(InvalidError, 'speaks tcp, where no request is read')
      .with.nested.property('problems[0].path')
      .that.deep.equals(['on']);
  });
});

describe('what a rule is planned as', () => {
  it('says of each fault what it acts on', () => {
    const levels = (on: string, inject: unknown) =>
      parseRule({ on, inject }, NAMES).faults.map(({ phase, level }) => `${phase} ${level}`);
    expect(levels('stats', ['refuse', 'reset', 'empty'])).to.deep.equal([
      'accept listener',
      'accept connection',
      'request request',
    ]);
    expect(levels('leaderboard', ['reset', { latency: '1s', at: 'body' }])).to.deep.equal([
      'request request',
      'body request',
    ]);
    expect(levels('cache', ['refuse', { reset: 'body', after: '1KB' }])).to.deep.equal([
      'accept listener',
      'body connection',
    ]);
  });

  it('tells all that is wrong with its faults and its trigger at once', () => {
    const rule = {
      on: 'stats',
      match: { response: { status: 500 } },
      inject: [{ reset: 'request' }, 'refuse', 'empty', { hang: 'accept' }],
    };
    expect(() => parseRule(rule, NAMES))
      .to.throw(InvalidError)
      .with.property('problems')
      .that.satisfies(
        (problems: InvalidError['problems']) =>
          problems.map(({ path }) => path.join('.')).join() === 'inject.0,inject.1,inject.3',
      );
  });
});

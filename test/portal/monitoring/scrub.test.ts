import { expect } from 'chai';
import * as fc from 'fast-check';
import { NotFound, InternalServerError } from '../../../src/portal/errors/classes.ts';
import { createLog } from '../../../src/portal/log.ts';
import { loggable } from '../../../src/portal/monitoring/loggable.ts';
import { createScrubber } from '../../../src/portal/monitoring/scrub.ts';
import { text } from '../stub-stats.ts';
import { PAGE } from '../portal-under-test.ts';
import { startWatchedPortal } from './watched-portal.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl';

describe('portal: no secret stands in the log (row 107)', () => {
  const scrub = createScrubber(['the-operator-token', 'a phrase of words', 'short']);

  for (const [given, expected] of [
    ['db password=hunter2 on 10.1.2.3', 'db password=[hidden] on 10.1.2.3'],
    ['Password: hunter2', 'Password: [hidden]'],
    ['PGPASSWORD=hunter2', 'PGPASSWORD=[hidden]'],
    ["passwd='hunter 2' x", "passwd='[hidden]' x"],
    ['pwd="hunter2"', 'pwd="[hidden]"'],
    ['password=hun"ter2', 'password=[hidden]"ter2'],
    ['{"password":"hunter2","a":1}', '{"password":"[hidden]","a":1}'],
    ['{"password" : "hun\\"ter2"}', '{"password" : "[hidden]"}'],
    ['"{\\"client_secret\\":\\"hunter2\\"}"', '"{\\"client_secret\\":\\"[hidden]\\"}"'],
    ['{"token":"hunter2', '{"token":"[hidden]'],
    ['{"pin_token":12345}', '{"pin_token":[hidden]'],
    ['Authorization: Bearer hunter2.x', 'Authorization: [hidden]'],
    ['authorization=Basic aHVudGVyMg==', 'authorization=[hidden]'],
    ['Authorization: ApiKey hunter2\nHost: x', 'Authorization: [hidden]\nHost: x'],
    ['sent bearer hunter2', 'sent bearer [hidden]'],
    ['Cookie: a=hunter2; b=hunter2', 'Cookie: [hidden]'],
    ['Set-Cookie: sid=hunter2; Path=/', 'Set-Cookie: [hidden]'],
    [`jwt ${JWT} ended`, 'jwt [hidden] ended'],
    ['http://stats/x?token=hunter2&y=1', 'http://stats/x?token=[hidden]&y=1'],
    ['http://stats/x?key=hunter2', 'http://stats/x?key=[hidden]'],
    ['?api_key=hunter2#f', '?api_key=[hidden]'],
    ['postgres://portal:hunter2@db:5432/x', 'postgres://[hidden]@db:5432/x'],
    ['postgres://portal:hun@ter2@db/x', 'postgres://[hidden]@db/x'],
    ['x-api-key: hunter2', 'x-api-key: [hidden]'],
    ['access_token%3Dhunter2', 'access_token%3D[hidden]'],
    ['it said the-operator-token', 'it said [hidden]'],
    ['with a phrase of words in it', 'with [hidden] in it'],
    ['short is a word', 'short is a word'],
    ['POST /token answered 401', 'POST /token answered 401'],
    ['Unexpected token < in JSON at position 0', 'Unexpected token < in JSON at position 0'],
    ['ada@example.test asked', 'ada@example.test asked'],
    ['the key (email) is there', 'the key (email) is there'],
  ] as const) {
    it(`${JSON.stringify(given)} becomes ${JSON.stringify(expected)}`, () => {
      expect(scrub(given)).to.equal(expected);
    });
  }

  it('a text is cut where nobody would read on, and no secret is cut in two', () => {
    const long = scrub(`${'x'.repeat(8185)}the-operator-token${'y'.repeat(50_000)}`);
    expect(long).to.have.length(8193);
    expect(long).to.not.include('the-op');
    const far = scrub(`${'x '.repeat(8185)}the-operator-token`);
    expect(far).to.not.include('the-op');
  });

  it('a hostile text costs no more than a long one', () => {
    for (const part of [
      '"password":"',
      'password=',
      'a://',
      '\\',
      'bearer ',
      'eyJaaaaa.',
      'password ',
      "'",
    ]) {
      const startedAt = performance.now();
      scrub(part.repeat(1_000_000 / part.length));
      // It takes some milliseconds: hours where the time grew with the square.
      expect(performance.now() - startedAt).to.be.lessThan(5000);
    }
  });

  it('what is written is always one line of JSON, whatever is written', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'password="',
        '\\',
        '"',
        '\u009b31m',
        '\u2028',
        '\r\n',
        'token:',
        '{"secret":"\\',
      ),
    );
    fc.assert(
      fc.property(fc.array(texts), (parts) => {
        const said = parts.join('');
        const lines: string[] = [];
        const log = createLog('info', { write: (line) => void lines.push(line) }, ['a-secret']);
        log.info({ said, list: [said], deep: { [said]: said } }, said.replaceAll('%', ''));
        expect(lines).to.have.length(1);
        expect(lines[0]).to.match(/^[^\n\u007f-\u009f\u2028\u2029]+\n$/);
        expect(() => JSON.parse(lines[0] ?? '') as unknown).to.not.throw();
      }),
    );
  });

  it('what a terminal would obey is escaped, and read as it was', () => {
    const lines: string[] = [];
    const said = 'a\u001b[2J\u009b31m\u202egnp.exe\nb';
    createLog('info', { write: (line) => void lines.push(line) }).info({ said }, 'x');
    // oxlint-disable-next-line no-control-regex -- these are what it is about
    expect(lines[0]).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(lines[0] ?? '')).to.include({ said });
  });

  it('a secret that is a part of another leaves nothing of that one', () => {
    const own = createScrubber(['operator', 'operator-of-mine']);
    expect(own('it is operator-of-mine')).to.equal('it is [hidden]');
  });

  it('an error by itself is an error of the line', () => {
    const lines: string[] = [];
    createLog('info', { write: (line) => void lines.push(line) }).error(new Error('token=hunter2'));
    const { err } = JSON.parse(lines[0] ?? '') as { err: Record<string, unknown> };
    expect(err).to.include({ type: 'Error', message: 'token=[hidden]' });
    expect(lines.join('')).to.not.include('hunter2');
  });

  it('facts go by their names, at any depth; errors are shown without what they carry', () => {
    const error = Object.assign(new Error('no'), { config: { password: 'hunter2' }, code: 'E_NO' });
    const facts = loggable(
      {
        headers: { Authorization: 'hunter2', cookie: 'hunter2', host: 'x' },
        list: [{ apiKey: 'hunter2' }],
        clientSecret: ['hunter2'],
        error,
        map: new Map([['a', 'hunter2']]),
        at: new Date(0),
        url: new URL('http://u:hunter2@x/'),
        nothing: null,
        count: 1,
      },
      scrub,
    ) as Record<string, Record<string, unknown>>;
    expect(JSON.stringify(facts)).to.not.include('hunter2');
    expect(facts['headers']).to.deep.equal({
      Authorization: '[hidden]',
      cookie: '[hidden]',
      host: 'x',
    });
    expect(facts['error'])
      .to.include({ type: 'Error', message: 'no', code: 'E_NO' })
      .and.have.keys('type', 'message', 'code', 'stack');
    expect(facts).to.deep.include({
      at: '1970-01-01T00:00:00.000Z',
      map: '[Map]',
      nothing: null,
      count: 1,
    });
    expect(facts['url']).to.equal('http://[hidden]@x/');
  });

  it('a chain of causes has an end, and so has what is deep', () => {
    const error = new Error('first');
    error.cause = error;
    const deep = { a: { b: { c: { d: { e: { f: { g: { h: 'too deep' } } } } } } } };
    const written = JSON.stringify(loggable({ err: error, deep }, scrub));
    expect(written).to.not.include('too deep');
    expect(written.length).to.be.lessThan(20_000);
  });

  it('stacks are of what nobody foresaw, and of what stands behind a 500', () => {
    const cause = new TypeError('x is not a function');
    const stacksOf = (error: Error) =>
      JSON.stringify(loggable(error, scrub)).match(/"stack"/g)?.length ?? 0;
    expect(stacksOf(cause)).to.equal(1);
    expect(stacksOf(new InternalServerError(undefined, { cause }))).to.equal(1);
    expect(stacksOf(new NotFound(undefined, { cause }))).to.equal(0);
  });
});

describe('portal: what a service says, in the log (row 107)', () => {
  it('its message is there as it was; keys, tokens and passwords are not', async () => {
    await using portal = await startWatchedPortal({
      STATS_KEYS: 'first-key-of-ours,second-key-of-ours',
      LOG_LEVEL: 'trace',
    });
    const message = 'Pool "main" is full: retry ü later; password=hunter2 key first-key-of-ours';
    portal.stub.board = text(JSON.stringify({ status: { message } }), 503);
    portal.stub.stats = text(`<b>Authorization: Bearer hunter2</b>`, 500);
    const { headers } = await portal.getAsAda(PAGE, { cookie: 'sid=hunter2' });
    const board = portal.log.find(
      (line) => line['call'] === 'leaderboard' && line.level === 'warn',
    );
    expect(board).to.include({ requestId: headers['x-request-id'] });
    expect(JSON.stringify(board)).to.include('Pool \\"main\\" is full: retry ü later');
    expect(portal.lines.join('')).to.not.match(/hunter2|key-of-ours|eyJ/);
  });

  it('none of the portal’s own secrets ever stands in a line', async () => {
    const env = {
      OPERATOR_TOKEN: 'operator-token-of-mine',
      JWT_SECRET: 'jwt secret of mine',
      STATS_KEYS: 'key-of-mine-1,key-of-mine-2',
    };
    await using portal = await startWatchedPortal({ ...env, LOG_LEVEL: 'trace' });
    const all = [env.OPERATOR_TOKEN, env.JWT_SECRET, 'key-of-mine-1', 'key-of-mine-2'];
    portal.stub.board = text(`<p>${all.join(' ')}</p>`, 500);
    for (const secret of all) await portal.get(`/${encodeURIComponent(secret)}`);
    await portal.get(`/${env.OPERATOR_TOKEN}`);
    await portal.get(PAGE);
    expect(portal.lines.length).to.be.greaterThan(5);
    expect(portal.lines.join('')).to.not.match(/of(.|%20)mine/);
  });
});

import { request, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, withRig, type Rig } from '../rig.ts';
import { problemOf } from './problem.ts';

const REAL = ['Content-Type: application/json', 'X-One: 1', 'Set-Cookie: a=1', 'set-cookie: b=2'];

/** A rig whose upstream sends these headers, as they stand here. */
function withHeaders(test: (rig: Rig) => Promise<void>): Promise<void> {
  return withRig(
    {
      handler(_request, response) {
        const fields = REAL.map((line) => line.split(': ') as [string, string]);
        response.sendDate = false;
        response.writeHead(200, [...fields, ['Content-Length', String(BODY.length)]].flat());
        response.end(BODY);
      },
    },
    test,
  );
}

/** The lines of the head of one exchange, without those that say how it is framed and what was done. */
async function fieldsOf(rig: Rig, inject: unknown): Promise<string[]> {
  await rig.control.clear();
  await rig.control.add([{ on: 'leaderboard', inject }]);
  const client = rig.connect();
  client.send(GET + GET);
  const heads: string[][] = [];
  for (let i = 0; i < 2; i++) {
    const { head, body } = (await client.answer()) as RawAnswer;
    expect(body).to.equal(BODY);
    heads.push(
      head
        .split('\r\n')
        .slice(1)
        .filter((line) => !FRAME.test(line)),
    );
  }
  expect(heads[1]).to.deep.equal(heads[0]);
  return heads[0] ?? [];
}
const FRAME = /^(content-length|connection|keep-alive|x-brownout-fault):/i;

describe('headers on the wire', () => {
  for (const [what, inject, lines] of [
    [
      'sets headers: in the place of the real one, or at the end',
      { headers: { 'x-one': 'two', 'X-New': 'é' } },
      [REAL[0], 'x-one: two', REAL[2], REAL[3], 'X-New: é'],
    ],
    [
      'leaves headers out, each time they stand there',
      { headers: {}, remove: ['SET-COOKIE', 'x-none'] },
      [REAL[0], REAL[1]],
    ],
    [
      'sends headers twice',
      { fault: 'headers', repeat: ['x-one'] },
      [REAL[0], REAL[1], REAL[1], REAL[2], REAL[3]],
    ],
    [
      'does all of it: removes, then sets, then repeats',
      {
        headers: { 'x-one': '2' },
        remove: ['content-type', 'x-one', 'set-cookie'],
        repeat: ['X-ONE'],
      },
      ['x-one: 2', 'x-one: 2'],
    ],
  ] as const) {
    it(what, () =>
      withHeaders(async (rig) => {
        expect(await fieldsOf(rig, inject)).to.deep.equal(lines);
        const [entry] = await rig.completed(2);
        expect(entry).to.include({ end: 'answered', status: 200 });
        expect(entry?.injected).to.have.length(1);
        expect(entry?.injected[0]).to.include({ fault: 'headers', phase: 'headers' });
      }),
    );
  }

  for (const bytes of [16, 100, 300_000]) {
    it(`adds a header of ${bytes} bytes, its name and its line’s end included`, () =>
      withHeaders(async (rig) => {
        const fields = await fieldsOf(rig, { fault: 'headers', bloat: `${bytes}B` });
        expect(fields.slice(0, -1)).to.deep.equal(REAL);
        expect(fields.at(-1)).to.match(/^x-bloat: a+$/);
        expect(`${fields.at(-1)}\r\n`).to.have.length(bytes);
      }));
  }

  it('is too much for Node’s client at 100KB, which says so', () =>
    withHeaders(async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { fault: 'headers', bloat: '100KB' } }]);
      const failure = await new Promise<unknown>((resolve) => {
        request(`${url}/leaderboards/duke`, { agent: false }, (response: IncomingMessage) =>
          resolve(response.statusCode),
        )
          .on('error', resolve)
          .end();
      });
      expect(failure).to.have.property('code', 'HPE_HEADER_OVERFLOW');
    }));

  it('lets the framing be wrong where that is asked for', () =>
    withHeaders(async ({ control, connect }) => {
      const inject = { headers: { 'content-length': '3' } };
      await control.add([{ on: 'leaderboard', inject, trigger: { first: 1 } }]);
      const client = connect();
      client.send(GET);
      await client.until((text) => text.endsWith(BODY));
      expect(client.text).to.match(/^content-length: 3\r$/im);
      client.send(GET);
      await client.until(
        (text) => text.split('HTTP/1.1 200 OK').length === 3 && text.endsWith(BODY),
      );
      const next = client.text.slice(client.text.lastIndexOf('HTTP/1.1'));
      expect(next).to.match(new RegExp(`^content-length: ${BODY.length}\r$`, 'im'));
    }));

  it('does not claim to have done what changes nothing', () =>
    withHeaders(async (rig) => {
      const inject = { headers: { 'x-one': '1' }, remove: ['x-none'], repeat: ['x-none'] };
      expect(await fieldsOf(rig, inject)).to.deep.equal(REAL);
      const entries = await rig.completed(2);
      expect(entries.map(({ injected }) => injected)).to.deep.equal([[], []]);
    }));

  for (const [inject, problem] of [
    ['headers', /needs one of set, remove, repeat and bloat/],
    [{ headers: {} }, /needs one of set, remove, repeat and bloat/],
    [{ headers: { a: 'b\r\nc: d' } }, /headers set: the header a needs a text of one line/],
    [{ headers: {}, remove: ['a b'] }, /headers remove: "a b" is not a header's name/],
    [{ headers: {}, repeat: 'x' }, /headers repeat: expected a list of header names/],
    [{ fault: 'headers', bloat: '15B' }, /headers bloat: expected at least 16B/],
    [{ fault: 'headers', bloat: '17MB' }, /headers bloat: expected at most 16MB/],
  ] as const) {
    it(`refuses ${JSON.stringify(inject)}`, () =>
      withRig({}, async (rig) => {
        expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(problem);
      }));
  }
});

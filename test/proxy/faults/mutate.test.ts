import { expect } from 'chai';
import { BODY, ROWS, send, withRig, type Rig } from '../rig.ts';
import { withBody } from './with-body.ts';

describe('mutate on the wire', () => {
  const at = async ({ control, url }: Rig, inject: unknown, seedRun = 0): Promise<unknown> => {
    await control.clear();
    await control.add([{ on: 'leaderboard', inject, trigger: { first: 1 + seedRun } }]);
    return JSON.parse((await send(`${url}/leaderboards/duke`)).body.toString());
  };

  const [ann, bob] = ROWS;
  const cases: readonly [string, string, unknown][] = [
    ['nullify', '/0/user', [{ ...ann, user: null }, bob]],
    ['drop', '/0', [bob]],
    ['drop', '/1/user', [ann, { score: 7, tags: [] }]],
    ['type', '/0/user', [{ ...ann, user: 3 }, bob]],
    ['type', '/0/score', [{ ...ann, score: '10' }, bob]],
    ['type', '/0/tags', [{ ...ann, tags: { 0: 'a', 1: 'b' } }, bob]],
    ['type', '/1', [ann, ['bob', 7, []]]],
    ['empty', '/0/tags', [{ ...ann, tags: [] }, bob]],
    ['empty', '/0', [{}, bob]],
    ['empty', '/0/user', [{ ...ann, user: '' }, bob]],
    ['extra', '', [...ROWS, { brownout_extra: true }]],
    ['extra', '/1', [ann, { ...bob, brownout_extra: true }]],
    ['nest', '/0/score', [{ ...ann, score: { value: 10 } }, bob]],
    ['nullify', '', null],
  ];
  for (const [kind, pointer, result] of cases) {
    it(`does ${kind} at "${pointer}"`, () =>
      withRig({}, async (rig) => {
        expect(await at(rig, { mutate: kind, pointer })).to.deep.equal(result);
      }));
  }

  for (const [kind, pointer] of [
    ['nullify', '/9/user'],
    ['empty', '/0/score'],
    ['empty', '/1/tags'],
    ['extra', '/0/user'],
    ['drop', ''],
  ] as const) {
    it(`does not claim to have done ${kind} at "${pointer}", where there is nothing to do`, () =>
      withRig({}, async (rig) => {
        expect(await at(rig, { mutate: kind, pointer })).to.deep.equal(ROWS);
        expect((await rig.completed(1))[0]?.injected).to.deep.equal([]);
      }));
  }

  for (const kind of ['nullify', 'drop', 'type', 'empty', 'extra', 'nest']) {
    it(`draws where to ${kind} by the seed: the same place in every run of it, and a real change`, async () => {
      const bodies: string[] = [];
      for (let run = 0; run < 2; run++) {
        await withRig({}, async ({ control, url }) => {
          await control.add([{ on: 'leaderboard', inject: { mutate: kind } }]);
          for (let i = 0; i < 8; i++) {
            const { body } = await send(`${url}/leaderboards/duke`);
            expect(body.toString()).not.to.equal(BODY);
            JSON.parse(body.toString());
            bodies.push(body.toString());
          }
        });
      }
      expect(bodies.slice(8)).to.deep.equal(bodies.slice(0, 8));
      expect(new Set(bodies).size).to.be.above(1);
    });
  }

  it('changes nothing but the value: numbers, white space and the order of members stay as they came', () => {
    const body =
      '\uFEFF{ "id": 12345678901234567890, "10": 1.0, "2": "\u00e9 \\"x\\"",\n  "gone": [1, 2] , "2": 3e2 }';
    const expected: readonly [string, string, string][] = [
      [
        'nullify',
        '/10',
        '{ "id": 12345678901234567890, "10": null, "2": "\u00e9 \\"x\\"",\n  "gone": [1, 2] , "2": 3e2 }',
      ],
      [
        'drop',
        '/gone',
        '{ "id": 12345678901234567890, "10": 1.0, "2": "\u00e9 \\"x\\"",\n  "2": 3e2 }',
      ],
      [
        'drop',
        '/2',
        '{ "id": 12345678901234567890, "10": 1.0, "2": "\u00e9 \\"x\\"",\n  "gone": [1, 2] }',
      ],
      [
        'drop',
        '/gone/0',
        '{ "id": 12345678901234567890, "10": 1.0, "2": "\u00e9 \\"x\\"",\n  "gone": [2] , "2": 3e2 }',
      ],
      [
        'type',
        '/id',
        '{ "id": "12345678901234567890", "10": 1.0, "2": "\u00e9 \\"x\\"",\n  "gone": [1, 2] , "2": 3e2 }',
      ],
      [
        'extra',
        '',
        '{ "id": 12345678901234567890, "10": 1.0, "2": "\u00e9 \\"x\\"",\n  "gone": [1, 2] , "2": 3e2 ,"brownout_extra":true}',
      ],
    ];
    return withBody(body, {}, async ({ control, url }) => {
      for (const [kind, pointer, result] of expected) {
        await control.clear();
        await control.add([{ on: 'leaderboard', inject: { mutate: kind, pointer } }]);
        const { body } = await send(`${url}/leaderboards/duke`);
        expect(body.toString(), `${kind} ${pointer}`).to.equal(result);
        JSON.parse(body.toString());
      }
    });
  });

  for (const [what, body, pointer, kind, result] of [
    ['a slash', { 'a/b': 1 }, '/a~1b', 'nullify', { 'a/b': null }],
    ['a tilde', { 'a~1b': 1, 'a/b': 2 }, '/a~01b', 'nullify', { 'a~1b': null, 'a/b': 2 }],
    ['an umlaut', { größe: { é: 1 } }, '/größe/é', 'nest', { größe: { é: { value: 1 } } }],
    ['nothing', { '': { '': 1 } }, '//', 'drop', { '': {} }],
    ['an escape', JSON.parse('{"\\u0061": "é"}'), '/a', 'type', { a: 1 }],
    ['a number', { 1: ['x', 'y'] }, '/1/1', 'drop', { 1: ['x'] }],
  ] as const) {
    it(`finds a key with ${what}`, () =>
      withBody(JSON.stringify(body), {}, async ({ control, url }) => {
        await control.add([{ on: 'leaderboard', inject: { mutate: kind, pointer } }]);
        const answer = await send(`${url}/leaderboards/duke`);
        expect(JSON.parse(answer.body.toString())).to.deep.equal(result);
      }));
  }

  for (const [kind, result] of [
    ['nullify', '{"__proto__":null}'],
    ['drop', '{}'],
    ['type', '{"__proto__":[1]}'],
    ['empty', '{"__proto__":{}}'],
    ['extra', '{"__proto__":{"a":1,"brownout_extra":true}}'],
    ['nest', '{"__proto__":{"value":{"a":1}}}'],
  ] as const) {
    it(`does ${kind} to a member __proto__ as to any other`, () =>
      withBody('{"__proto__":{"a":1}}', {}, async ({ control, url }) => {
        const inject = { mutate: kind, pointer: '/__proto__' };
        await control.add([{ on: 'leaderboard', inject }]);
        expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal(result);
        expect({}).not.to.have.any.keys('a', 'brownout_extra');
      }));
  }

  for (const pointer of ['/-', '/01', '/2', '/length', '/0/toString', '/0/user/0']) {
    it(`finds nothing at ${pointer}`, () =>
      withRig({}, async (rig) => {
        expect(await at(rig, { mutate: 'nullify', pointer })).to.deep.equal(ROWS);
        expect((await rig.completed(1))[0]?.injected).to.deep.equal([]);
      }));
  }

  const deep = 5000;
  const nested = '[{"a":'.repeat(deep / 2) + '1' + '}]'.repeat(deep / 2);
  const wide = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => ({ user: `user ${i}` })));
  for (const [what, body, pointer] of [
    [`${deep} levels`, nested, '/0/a'.repeat(deep / 2)],
    ['a megabyte', wide, '/39999/user'],
  ] as const) {
    for (const kind of ['nullify', 'drop', 'type', 'empty', 'extra', 'nest']) {
      it(`does ${kind} in JSON of ${what}, wherever it is drawn`, () =>
        withBody(body, {}, async ({ control, url, completed }) => {
          await control.add([{ on: 'leaderboard', inject: { mutate: kind } }]);
          for (let i = 0; i < 3; i++) {
            const answer = (await send(`${url}/leaderboards/duke`)).body.toString();
            expect(answer === body).to.equal(false);
            JSON.parse(answer);
          }
          expect((await completed(3)).every(({ injected }) => injected.length === 1)).to.equal(
            true,
          );
        }));
    }

    it(`finds its place in JSON of ${what}`, () =>
      withBody(body, {}, async ({ control, url }) => {
        await control.add([{ on: 'leaderboard', inject: { mutate: 'nullify', pointer } }]);
        const answer = (await send(`${url}/leaderboards/duke`)).body.toString();
        const value = body === nested ? '1' : '"user 39999"';
        const place = body.lastIndexOf(value);
        const result = `${body.slice(0, place)}null${body.slice(place + value.length)}`;
        expect(answer === result).to.equal(true);
      }));
  }

  it('adds nothing where it was added before', () =>
    withBody('{"brownout_extra":1}', {}, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { mutate: 'extra' } }]);
      const { body } = await send(`${url}/leaderboards/duke`);
      expect(body.toString()).to.equal('{"brownout_extra":1}');
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));

  it('does not act on what is not JSON', () =>
    withBody('<html>', {}, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { mutate: 'nullify' } }]);
      expect((await send(`${url}/leaderboards/duke`)).body.toString()).to.equal('<html>');
      expect((await completed(1))[0]?.injected).to.deep.equal([]);
    }));
});

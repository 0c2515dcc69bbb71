import { expect } from 'chai';
import { join } from 'node:path';
import { BrownoutError } from '../../src/common/errors.ts';
import type { RunEvent } from '../../src/scenario/events.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { createRedactor } from '../../src/scenario/run/redact.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';
import { BASICS, BROKEN_BOARD, CONTRACT, inFolder, load, SCENARIO, SYSTEM } from './run-files.ts';
import { openWorld, rightPage, rightService, type Behaviour } from './service.ts';

const SECRET = 'pl4nted-s3cret';
const WEB_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const FILES = {
  'system.yaml': { ...SYSTEM, secrets: ['PLANTED'] },
  'contract.yaml': CONTRACT,
  'scenario.yaml': {
    ...SCENARIO,
    ...BROKEN_BOARD,
    scenario: `It says ${SECRET}`,
    matrix: { n: [SECRET, WEB_TOKEN] },
    tags: ['${n}'],
  },
};

async function eventsOf(service: Behaviour, skip?: string): Promise<RunEvent[]> {
  const loaded = await load(FILES);
  const cells = loaded.cells.map((cell) => ({ ...cell, skip }));
  const suite = { ...loaded, cells, warnings: [`it warns of ${SECRET}`] };
  await using world = await openWorld(service);
  const events: RunEvent[] = [];
  await runSuite({
    ...BASICS,
    suite,
    env: { PLANTED: SECRET },
    openSystem: () => world.openSystem(),
    on: (event) => void events.push(event),
  });
  return events;
}

describe('a secret', () => {
  const services: Record<string, Behaviour> = {
    'that passes': rightService,
    'that tells it in its answer': async () => ({ body: { [SECRET]: SECRET, w: WEB_TOKEN } }),
    'that tells it as it dies': async (visit) => {
      if (visit.instance === 1) return rightService(visit);
      await visit.die();
      return 'never';
    },
  };
  for (const [which, service] of Object.entries(services)) {
    it(`stands in no event of a run of a service ${which}`, async () => {
      const events = await eventsOf(service);
      expect(events.map(({ type }) => type)).to.include.members(['cell:start', 'run:end']);
      for (const event of events) {
        expect(JSON.stringify(event), event.type).to.not.include(SECRET);
        expect(JSON.stringify(event), event.type).to.not.include(WEB_TOKEN);
      }
    });
  }

  it('that is a word of a report changes no verdict', async () => {
    const { cells, ...suite } = await load(FILES);
    const [first, second] = cells;
    if (!first || !second) throw new Error('two cells are needed');
    await using world = await openWorld(async (visit) => {
      const page = await rightPage(visit);
      return {
        body:
          visit.instance === 2 && page.board.error === true
            ? { ...page, board: { data: [], error: false } }
            : page,
      };
    });
    const result = await runSuite({
      ...BASICS,
      suite: { ...suite, cells: [first, second] },
      env: { PLANTED: 'fail' },
      openSystem: () => world.openSystem(),
    });
    expect(result.cells.map(({ verdict }) => verdict).sort()).to.deep.equal(['failed', 'passed']);
    expect(result).to.include({ verdict: 'failed', exit: 1 });
  });

  it('stands in no reason for which a cell is skipped', async () => {
    const events = await eventsOf(rightService, `until ${SECRET} is there`);
    expect(JSON.stringify(events)).to.include('until [redacted] is there').and.not.include(SECRET);
  });

  it('stands in no message of what ends a run, or a cell before it began, or is left when all are judged', async () => {
    const suite = await load(FILES);
    await using world = await openWorld(rightService);
    const env = { PLANTED: SECRET };
    const ending = runSuite({
      ...BASICS,
      suite,
      env,
      openSystem: () => Promise.reject(new BrownoutError('listen_failed', `taken: ${SECRET}`)),
    });
    expect(await ending.catch((error: Error) => error.message)).to.equal('taken: [redacted]');
    const { warnings } = await runSuite({
      ...BASICS,
      suite,
      env,
      openSystem: async () => ({
        ...(await world.openSystem()),
        [Symbol.asyncDispose]: () => Promise.reject(new Error(`it holds on to ${SECRET}`)),
      }),
    });
    expect(warnings?.join()).to.include('it holds on to [redacted]').and.not.include(SECRET);
    const { cells } = await runSuite({
      ...BASICS,
      suite,
      env,
      openSystem: () => Promise.reject(new Error(`no such host: ${SECRET}`)),
    });
    expect(cells.map(({ reason }) => reason)).to.deep.equal(
      Array.from({ length: 2 }, () => 'no such host: [redacted]'),
    );
  });

  it('stands in no message about a file into which it was put', () =>
    inFolder(
      {
        ...FILES,
        'system.yaml': {
          ...FILES['system.yaml'],
          upstreams: { stats: { target: '${env.PLANTED}', calls: SYSTEM.upstreams.stats.calls } },
        },
      },
      (folder) => {
        const loading = () => loadSuite([join(folder)], { env: { PLANTED: SECRET } });
        expect(loading).to.throw(/system\.yaml:\d+:\d+: (?!.*pl4nted)/);
      },
    ));
});

/** Every key and word that the schema of a result names. */
function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, enum: words = [] } = schema as { properties?: object; enum?: string[] };
  return [...Object.keys(properties ?? {}), ...words, ...Object.values(schema).flatMap(wordsOf)];
}

describe('a redactor', () => {
  it('leaves the words of a result as they are, whatever somebody’s password is', () => {
    const words = wordsOf(schemaOf('result')).filter((word) => word.length >= 4);
    expect(words).to.include.members(['failures', 'passed', 'client-gone', 'atMs']);
    for (const word of words)
      expect(redacting(word.slice(0, 4), { [word]: word }), word).to.deep.equal({ [word]: word });
    expect(redacting('fail', 'it failed')).to.equal('it [redacted]ed');
  });

  const redacting = (secret: string, value: unknown) => {
    const redactor = createRedactor();
    redactor.add(secret);
    return redactor.redact(value);
  };

  it('knows a secret as JSON and URLs write it, and as a number', () => {
    expect(redacting('a"b/c&d', [JSON.stringify('a"b/c&d'), '/x?q=a%22b%2Fc%26d'])).to.deep.equal([
      '"[redacted]"',
      '/x?q=[redacted]',
    ]);
    expect(redacting('12345678', { got: 12345678, other: 1234567 })).to.deep.equal({
      got: '[redacted]',
      other: 1234567,
    });
    // What a service said, however deep; but a line or a count of ours stays a number.
    const told = { line: 1234, failures: [{ at: 'x', expected: [{ pin: 1234 }], got: 1235 }] };
    expect(redacting('1234', told)).to.deep.equal({
      line: 1234,
      failures: [{ at: 'x', expected: [{ pin: '[redacted]' }], got: 1235 }],
    });
    expect(redacting('half\ud800', 'half\ud800')).to.equal('[redacted]');
  });

  it('knows each line of a secret that has many, as a log tells them', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n}\n';
    expect(redacting(key, ['MIIEvQIBADANBg', 'x kqhkiG9w0BAQEF', '}'])).to.deep.equal([
      '[redacted]',
      'x [redacted]',
      '}',
    ]);
    expect(redacting('with-new-line\n', 'with-new-line')).to.equal('[redacted]');
  });

  it('knows the beginning of a secret where a long text was cut', () => {
    expect(redacting(SECRET, 'got "pl4nted-s…, and "pl4nted-s3cre…')).to.equal(
      'got "[redacted]…, and "[redacted]…',
    );
    const long = `${'x'.repeat(200)}pl4nted-s3c`;
    expect(redacting(SECRET, long)).to.equal(`${'x'.repeat(200)}[redacted]`);
    expect(redacting(SECRET, 'no pl4nted')).to.equal('no pl4nted');
  });
});

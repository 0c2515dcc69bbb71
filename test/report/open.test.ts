import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { BrownoutError } from '../../src/common/errors.ts';
import { ReportsNotWritten } from '../../src/report/not-written.ts';
import { openReports, type Reports } from '../../src/report/open.ts';
import { list } from '../../src/report/reporters/index.ts';
import { events, EVERYTHING, report, result } from './recorded.ts';

describe('opening reports', () => {
  let folder: string;
  let written: string;
  const open = (...specs: string[]) =>
    openReports(specs, { now: () => 0, out: { ...out, colour: true } });

  const out = {
    write: (text: string) => void (written += text),
    colour: false,
    live: false,
    width: 80,
    rows: 24,
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-report-'));
    written = '';
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('sends each to its place', async () => {
    const reports = await open(
      'list',
      `json=${folder}/out.json`,
      `junit=${folder}/deep/er/out.xml`,
    );
    await tellAll(reports);
    expect(written).to.equal(report(list, events(EVERYTHING), { colour: true }));
    expect(JSON.parse(read('out.json'))).to.have.property('version', 1);
    expect(read('deep/er/out.xml')).to.match(/^<\?xml .*<\/testsuites>\n$/s);
  });

  it('writes no colour to a file', async () => {
    await tellAll(await open(`list=${folder}/out.txt`));
    expect(read('out.txt')).to.equal(report(list, events(EVERYTHING)));
  });

  it('has the list on stdout, unless another has that for itself', async () => {
    const shown = report(list, events(EVERYTHING), { colour: true });
    for (const specs of [[], [`json=${folder}/out.json`], ['github'], ['github', 'list']]) {
      written = '';
      await tellAll(await open(...specs));
      expect(written.slice(0, shown.length)).to.equal(shown);
      const after = written.slice(shown.length);
      if (specs.includes('github')) expect(after).to.match(/^(::(error|warning) .*\n)+$/);
      else expect(after).to.equal('');
    }
    written = '';
    await tellAll(await open('json', 'github'));
    expect(written).to.match(/^{\n[^]*\n}\n::error /);
  });

  it('adds to the file that the environment names', async () => {
    const env = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    for (const before of ['', 'of an earlier command\n']) {
      writeFileSync(env.GITHUB_STEP_SUMMARY, before);
      const reports = await openReports(['github'], { now: () => 0, out, env });
      expect(read('summary.md')).to.equal(before);
      await tellAll(reports);
      expect(read('summary.md').startsWith(`${before}## brownout: broken\n`)).to.equal(true);
    }
    const nowhere = { GITHUB_STEP_SUMMARY: folder };
    const error = await errorOf(openReports(['github'], { now: () => 0, out, env: nowhere }));
    expect(error.message).to.contain(`${folder}: it is a folder`);
  });

  it('leaves an earlier report whole until the run has ended', async () => {
    writeFileSync(join(folder, 'out.json'), 'earlier');
    const reports = await open(`json=${folder}/out.json`);
    for (const event of events(EVERYTHING)) reports.on(event);
    expect(read('out.json')).to.equal('earlier');
    await reports.close();
    expect(JSON.parse(read('out.json'))).to.have.property('seed', '7');
    expect(readdirSync(folder)).to.deep.equal(['out.json']);
  });

  it('writes no file of a run that fell over', async () => {
    writeFileSync(join(folder, 'list.txt'), 'earlier');
    const reports = await open(`list=${folder}/list.txt`, `json=${folder}/out.json`);
    for (const event of events(EVERYTHING).slice(0, -1)) reports.on(event);
    await reports.close();
    expect(read('list.txt')).to.equal('earlier');
    expect(readdirSync(folder)).to.deep.equal(['list.txt']);
  });

  it('replaces what a link leads to, not the link', async () => {
    writeFileSync(join(folder, 'real.json'), 'earlier');
    symlinkSync(join(folder, 'real.json'), join(folder, 'link.json'));
    await tellAll(await open(`json=${folder}/link.json`));
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).to.equal(true);
    expect(JSON.parse(read('real.json'))).to.have.property('version', 1);
  });

  it('writes into a pipe, and puts no file in its place', async () => {
    // Of our own: a device of the machine would be lost for good if this failed.
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, 'r+');
    try {
      await tellAll(await open(`json=${pipe}`), result([]));
      expect(lstatSync(pipe).isFIFO()).to.equal(true);
      const buffer = Buffer.alloc(10_000);
      const text = buffer.toString('utf8', 0, readSync(reader, buffer));
      expect(JSON.parse(text)).to.deep.equal(result([]));
    } finally {
      closeSync(reader);
    }
  });

  it('says at once that a folder stands in its place', async () => {
    const error = await errorOf(open(`json=${folder}`));
    expect(error.code).to.equal('report_not_written');
    expect(error.message).to.equal(
      `cannot write the report ${folder}: it is a folder; name another file`,
    );
  });

  it('says at once that the folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const error = await errorOf(open(`json=${folder}/file/out.json`));
    expect(error.code).to.equal('report_not_written');
    expect(error.message).to.contain(`${folder}/file/out.json`);
    expect(error.cause).to.be.an('error');
  });

  it('says that a file could not be written, and writes the others', async () => {
    mkdirSync(join(folder, 'gone'));
    const reports = await open(`json=${folder}/gone/out.json`, `junit=${folder}/out.xml`);
    rmSync(join(folder, 'gone'), { recursive: true });
    const error = await errorOf(tellAll(reports));
    expect(error.code).to.equal('report_not_written');
    expect(error.message).to.contain(`${folder}/gone/out.json: ENOENT`);
    expect(read('out.xml')).to.contain('<testsuites');
  });

  it('keeps an earlier report where the disk is full, and leaves no half of the new one', async () => {
    writeFileSync(join(folder, 'out.json'), 'earlier');
    // What is written beside the report goes where there is never room.
    symlinkSync('/dev/full', join(folder, `.out.json.${process.pid}.part`));
    const reports = await open(`json=${folder}/out.json`, `junit=${folder}/out.xml`);
    const error = await errorOf(tellAll(reports));
    expect(error.message).to.match(
      /out\.json: ENOSPC.*; free some space, or name a file elsewhere$/,
    );
    expect(read('out.json')).to.equal('earlier');
    expect(readdirSync(folder).sort()).to.deep.equal(['out.json', 'out.xml']);
  });

  it('knows what the run ended with whose reports were not written', async () => {
    for (const [run, exit] of [
      [EVERYTHING, 4],
      [result([]), 0],
    ] as const) {
      const reports = await open('json=/dev/full');
      const error = await errorOf(tellAll(reports, run));
      expect(error).to.be.instanceOf(ReportsNotWritten).and.include({ exit });
    }
  });

  it('names every file that could not be written', async () => {
    mkdirSync(join(folder, 'gone'));
    const reports = await open(`json=${folder}/gone/a`, `junit=${folder}/gone/b`);
    rmSync(join(folder, 'gone'), { recursive: true });
    const error = await errorOf(tellAll(reports));
    expect(error.code).to.equal('report_not_written');
    expect(error.message).to.contain('gone/a').and.contain('gone/b');
  });

  it('leaves nothing beside a file that could not be put in its place', async () => {
    const reports = await open(`json=${folder}/out.json`);
    mkdirSync(join(folder, 'out.json'));
    writeFileSync(join(folder, 'out.json', 'keep'), '');
    expect((await errorOf(tellAll(reports))).code).to.equal('report_not_written');
    expect(readdirSync(folder)).to.deep.equal(['out.json']);
  });

  const wrong: readonly [string[], RegExp][] = [
    [['jnit'], /^unknown reporter "jnit", did you mean "junit"\?$/],
    [['xylophone=x'], /^unknown reporter "xylophone" \(there is: github, json, junit, list\)$/],
    [['junit:flakey=x'], /^the reporter junit has no choice "flakey", did you mean "flaky"\?$/],
    [['json:all'], /^the reporter json has no choice "all": it takes none$/],
    [['json='], /^--reporter json= names no file, write json=path$/],
    [['list', 'json'], /^the reporters list and json would both write to stdout: /],
    [['json=./a', 'junit=a'], /^the reporters json and junit would both write to a: /],
  ];
  for (const [specs, message] of wrong) {
    it(`refuses ${specs.join(' ')}`, async () => {
      const error = await errorOf(open(...specs));
      expect(error.code).to.equal('invalid_reporter');
      expect(error.message).to.match(message);
      expect(existsSync('a')).to.equal(false);
    });
  }

  it('draws where a person watches, and passes ticks on', async () => {
    let clock = 0;
    const reports = await openReports(['list'], {
      now: () => clock,
      out: { ...out, live: true },
    });
    reports.on(events(EVERYTHING)[0]!);
    clock = 1000;
    reports.tick();
    await reports.close();
    expect(stripVTControlCharacters(written)).to.match(/0 of 8 {2}8 left {2}0ms\n0 of 8 .* 1s\n/);
  });

  function read(file: string): string {
    return readFileSync(join(folder, file), 'utf8');
  }
});

async function tellAll(reports: Reports, run = EVERYTHING): Promise<void> {
  for (const event of events(run)) reports.on(event);
  await reports.close();
}

async function errorOf(promise: Promise<unknown>): Promise<BrownoutError> {
  const error: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(BrownoutError);
  return error as BrownoutError;
}

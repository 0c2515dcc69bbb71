import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { FAULTS } from '../../src/proxy/catalogue.ts';
import { root } from '../helpers/root.ts';
import { openTerminal, patternOf, typedIn } from '../helpers/terminal.ts';

const text = read('CONTRIBUTING.md');
const walk = text.slice(
  text.indexOf('### Add a fault'),
  text.indexOf('## How the code is written'),
);
const [file = '', line = '', heart = ''] = blocks('ts');

describe('the walk through a new fault', () => {
  const terminal = openTerminal({ programs: { npx: ([, ...args]) => mocha(args) } });

  after(() => terminal.close());

  it('shows the file, its line and the heart of its test as they are', () => {
    const [, path = ''] = /\*\*1\. The file\*\*, `(.+?)`/.exec(walk) ?? [];
    expect(file).to.equal(read(path));
    expect(read('src/proxy/faults/index.ts').split('\n')).to.include(line.trimEnd());
    const [, testPath = ''] = /\*\*4\. The test\*\*, `(.+?)`/.exec(walk) ?? [];
    expect(read(testPath)).to.include(heart.replaceAll(/^(?=.)/gm, '  '));
  });

  it('costs what it says: nothing but the index knows of a fault’s file', () => {
    const all = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });
    const sources = all.filter((path) => path.endsWith('.ts')).map((path) => `src/${path}`);
    for (const name of FAULTS.keys()) {
      const importing = sources.filter((path) => imports(path, name));
      expect(importing, name).to.deep.equal(['src/proxy/faults/index.ts']);
    }
  });

  it('names files, folders and scripts that there are', () => {
    const paths = [...text.matchAll(/`((?:src|test|scenarios)\/[\w./-]+)`|\]\(([^)]+)\)/g)];
    expect(paths).to.have.length.above(15);
    for (const [, path, link = ''] of paths)
      expect(existsSync(new URL(path ?? link, root)), path ?? link).to.equal(true);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    for (const [, script = ''] of text.matchAll(/npm run ([a-z:]+)/g))
      expect(scripts).to.have.property(script);
  });

  it('names for each thing that a fault can do one that does it', () => {
    const rows = [...walk.matchAll(/^\| .+? \| (`.+?`) +\| \[.+?\]\((.+?)\) +\|$/gm)];
    expect(rows).to.have.length.above(10);
    for (const [, calls = '', path = ''] of rows) {
      for (const [, call = ''] of calls.matchAll(/`(.+?)`/g)) expect(read(path)).to.include(call);
    }
  });

  for (const [i, folder] of ['src/scenario', 'src/proxy'].entries()) {
    it(`maps ${folder} by files that there are`, () => {
      const map = blocks('', text)[i] ?? '';
      const files = [...map.matchAll(/^([\w/-]+\.ts) /gm)].map(([, name]) => `${folder}/${name}`);
      expect(files).to.have.length(map.trimEnd().split('\n').length);
      expect(files.filter((path) => !existsSync(new URL(path, root)))).to.deep.equal([]);
    });
  }

  // They stand in the order of the text, and go on with what those before have started.
  for (const [i, { command, shown }] of typedIn(walk).entries()) {
    if (command.startsWith('npm ')) continue;
    it(`gives what command ${i + 1} shows: ${command.slice(0, 60)}`, async function () {
      this.timeout(120_000);
      expect(await terminal.type(command)).to.match(patternOf(shown), shown);
    });
  }
});

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function blocks(language: string, from = walk): string[] {
  const fenced = [...from.matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
  return fenced.flatMap(([, name, content]) => (name === language ? [content ?? ''] : []));
}

/** Runs tests, as `npx mocha` does; without the times that they took. */
async function mocha(args: readonly string[]): Promise<string> {
  const bin = fileURLToPath(new URL('node_modules/mocha/bin/mocha.js', root));
  // Whatever is asked for, this file must not run itself.
  const ignored = ['--ignore', 'dist/test/e2e/contributing.test.js'];
  const child = spawn(process.execPath, [bin, '--no-color', ...args, ...ignored], { cwd: root });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const [code] = (await once(child, 'close')) as [number];
  expect(code, printed).to.equal(0);
  return printed.replaceAll(/ \(\d+ms\)$/gm, '');
}

/** Whether a source imports the file of a fault. */
function imports(path: string, fault: string): boolean {
  const beside = path.startsWith('src/proxy/faults/');
  return read(path).includes(beside ? `from './${fault}.ts'` : `/faults/${fault}.ts'`);
}

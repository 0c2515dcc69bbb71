import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { FAULTS } from '../../src/proxy/catalogue.ts';
import { brownout, start, type Running } from '../helpers/cli.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { root } from '../helpers/root.ts';

const text = read('CONTRIBUTING.md');
const walk = text.slice(
  text.indexOf('### Add a fault'),
  text.indexOf('## How the code is written'),
);
const [file = '', line = '', heart = ''] = blocks('ts');

describe('the walk through a new fault', () => {
  const running: Running[] = [];
  /** The ports that stand in the text, and those that were really taken. */
  const ports = new Map<string, string>();

  after(async () => {
    for (const { child } of running) child.kill('SIGINT');
    await Promise.all(running.map(({ finished }) => finished));
  });

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

  it('maps the engine by files that there are', () => {
    const [map = ''] = blocks('');
    const files = [...map.matchAll(/^([\w-]+\.ts) /gm)].map(([, name]) => `src/proxy/${name}`);
    expect(files).to.have.length(map.trimEnd().split('\n').length);
    expect(files.filter((path) => !existsSync(new URL(path, root)))).to.deep.equal([]);
  });

  // They stand in the order of the text, and go on with what those before have started.
  for (const [i, { command, shown }] of blocks('console').flatMap(commandsOf).entries()) {
    if (command.startsWith('npm ')) continue;
    it(`gives what command ${i + 1} shows: ${command.slice(0, 60)}`, async function () {
      this.timeout(120_000);
      const printed = inText(await run(inTruth(command)));
      expect(printed).to.match(patternOf(shown), shown);
    });
  }

  async function run(command: string): Promise<string> {
    const [program, ...words] = wordsOf(command);
    if (program === 'curl') return curl(words);
    if (program === 'npx') return mocha(words.slice(1));
    expect([program, words[0]]).to.deep.equal(['node', 'bin/brownout.js']);
    const args = words.slice(1);
    if (args[0] === 'faults') return (await brownout(args)).stdout;
    return open(args);
  }

  /** Starts what goes on, on ports of its own. */
  async function open(args: readonly string[]): Promise<string> {
    const isProxy = args[0] === 'proxy';
    const free = args.map((word, i) => {
      if (args[i - 1] === '--port') return '0';
      return args[i - 1] === '--listen' ? word.replace(/:\d+$/, ':0') : word;
    });
    const started = start([...free, ...(isProxy ? ['--control', '127.0.0.1:0'] : [])]);
    running.push(started);
    const said = await started.says('try:');
    const taken = [...said.matchAll(/^\S.*? http:\/\/127\.0\.0\.1:(\d+)/gm)];
    const promised = isProxy ? ['5001', '8474'] : ['5000'];
    promised.forEach((port, i) => ports.set(port, taken[i]?.[1] ?? ''));
    return said;
  }

  function inTruth(command: string): string {
    return command.replaceAll(/127\.0\.0\.1:(\d+)/g, (address, port: string) =>
      address.replace(port, ports.get(port) ?? port),
    );
  }

  function inText(printed: string): string {
    const written = new Map([...ports].map(([port, taken]) => [taken, port]));
    return printed.replaceAll(/127\.0\.0\.1:(\d+)/g, (address, port: string) =>
      address.replace(port, written.get(port) ?? port),
    );
  }
});

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function blocks(language: string): string[] {
  const fenced = [...walk.matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
  return fenced.flatMap(([, name, content]) => (name === language ? [content ?? ''] : []));
}

/** What is typed in a block, and what is then seen. */
function commandsOf(block: string): { command: string; shown: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), shown: part.slice(end + 1) };
    });
}

/** `…` stands for anything. */
function patternOf(shown: string): RegExp {
  const parts = shown.trimEnd().split('…');
  const literal = parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`(^|\n)${literal.join('[^]*?')}(\n|$)`);
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

/** As the real one would print it, of which not every machine has one. */
async function curl(words: readonly string[]): Promise<string> {
  const after = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
  const url = new URL(words.find((word) => word.startsWith('http://')) ?? '');
  const body = words.includes('-d') ? after('-d') : '';
  const lines = [
    `${body ? 'POST' : 'GET'} ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: close',
    ...(words.includes('-H') ? [after('-H')] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const client = rawClient(url.href);
  client.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  await client.ended;
  client.destroy();
  const printed = client.text.replaceAll('\r\n', '\n');
  const withHead = words.some((word) => /^-\w*i/.test(word));
  return withHead ? printed : printed.slice(printed.indexOf('\n\n') + 2);
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

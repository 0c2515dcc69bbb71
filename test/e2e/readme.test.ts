import { expect } from 'chai';
import { randomInt } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { listen } from '../../src/common/server.ts';
import { runScenarios, type FrontDoor, type Proxy } from '../../src/index.ts';
import { brownout } from '../helpers/cli.ts';
import { folder, type Folder } from '../helpers/folder.ts';
import { generated } from '../helpers/generated.ts';
import { root } from '../helpers/root.ts';
import { startTeas } from '../helpers/teas.ts';
import { openTerminal, patternOf, typedIn, type Terminal } from '../helpers/terminal.ts';

const pageOf = (path: string) => readFileSync(new URL(path, root), 'utf8');
const readme = pageOf('README.md');
const byHand = pageOf('docs/proxy.md');
const library = pageOf('docs/library.md');
const { scripts, engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

describe('the README', () => {
  it('has the tables and schemas that the code gives', async () => {
    for (const [path, text] of await generated()) {
      expect(readFileSync(new URL(path, root), 'utf8'), `${path}: run npm run generate`).to.equal(
        text,
      );
    }
  });

  it('names commands that there are', () => {
    for (const [, script] of readme.matchAll(/npm run ([a-z]+)/g))
      expect(scripts).to.have.property(script ?? '');
    expect(scripts['chaos']).to.include('run scenarios/portal');
    expect(engines.node).to.equal('>=20.19');
  });

  for (const path of ['README.md', 'docs/scenarios.md', 'docs/proxy.md', 'docs/library.md']) {
    it(`links to what there is, in ${path}`, () => {
      const links = [...pageOf(path).matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link ?? '');
      const page = new URL(path, root);
      expect(links.filter((link) => !existsSync(new URL(link, page)))).to.deep.equal([]);
    });
  }

  for (const [, command = '', shown = ''] of readme.matchAll(
    /<!-- output: (.+?) -->\n\n```\n([^]*?)```/g,
  )) {
    it(`shows what brownout ${command.slice(0, 40)}… prints`, async function () {
      // The main job takes seconds, and on a machine that has other work many.
      this.timeout(120_000);
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, word]) => quoted ?? word ?? '',
      );
      const { stdout } = await brownout(words);
      const printed = stdout.split('\n').map(timeless);
      const lines = shown
        .split('\n')
        .filter((line) => line !== '…')
        .map(timeless);
      expect(printed).to.include.members(lines);
    });
  }

  describe('to one who has a service of one’s own', () => {
    const example = new URL('test/examples/shop/', root);
    const shown = [...readme.matchAll(/```yaml\n# (\S+)\n([^]*?)```/g)].map(
      ([, name = '', text = '']) => ({ name, text }),
    );
    let shop: Folder;
    before(() => {
      shop = folder({ 'package.json': '{"type":"module"}' });
      for (const { name, text } of shown) writeFileSync(shop.file(name), text);
      copyFileSync(new URL('app.js', example), shop.file('app.js'));
    });
    after(() => shop[Symbol.dispose]());

    it('shows the files of the example as they stand', () => {
      for (const { name, text } of shown) {
        const file = readFileSync(new URL(name, example), 'utf8');
        expect(file.slice(file.indexOf('\n') + 1), name).to.equal(text);
      }
    });

    it('gives a green run by them', async () => {
      const { code, stdout } = await brownout(['run', '.'], { cwd: shop.path });
      expect(stdout).to.include('✓ product-page.one-call[price,malformed-json]');
      expect(stdout).to.include('✓ product-page.outage').and.to.include('13 passed');
      expect(code).to.equal(0);
    });

    it('lets them be checked', async () => {
      const { stdout } = await brownout(['validate', '.'], { cwd: shop.path });
      expect(stdout).to.equal('5 files are valid: 2 scenarios, 13 cells\n');
    });

    it('tells what is met first as it is told', async () => {
      const contract = shop.read('contract.yaml');
      writeFileSync(shop.file('contract.yaml'), contract.replace('/price/data', 'price.data'));
      const { code, stderr } = await brownout(['validate', '.'], { cwd: shop.path });
      writeFileSync(shop.file('contract.yaml'), contract);
      expect(code).to.equal(3);
      const [, told = ''] = /`(contract\.yaml:\d.*?)` *\|/.exec(readme) ?? [];
      expect(stderr).to.include(told);
    });
  });

  describe('to who tests by hand', () => {
    typing(readme, async () => openTerminal());
  });

  describe('on the proxy', () => {
    it('has a file that is valid', async () => {
      const [, name = '', text = ''] = /```yaml\n# (\S+)\n([^]*?)```/.exec(byHand) ?? [];
      using files = folder({ [name]: text });
      expect((await brownout(['validate', name], { cwd: files.path })).code).to.equal(0);
    });

    typing(byHand, async () => {
      const terminal = openTerminal({
        given: new Map([['26379', String(randomInt(10_000, 32_768))]]),
      });
      await terminal.type('brownout mock --port 5000');
      return terminal;
    });
  });

  describe('on errors', () => {
    let teas: Server;
    after(() => void teas.close());
    typing(library, async () => {
      teas = await startTeas(library);
      const { port } = teas.address() as AddressInfo;
      return openTerminal({ given: new Map([['3000', String(port)]]) });
    });
  });

  it('offers the same as a library', async () => {
    const { verdict } = await runScenarios(['scenarios/portal'], { tag: ['v1'] });
    expect(verdict).to.equal('passed');
  });

  it('puts the parts together in a few lines, which work', async () => {
    const [, example = ''] = /```ts\n([^]*?)```/.exec(library) ?? [];
    await using stats = await listen(createServer((_request, response) => response.end('here')));
    let upstream = '';
    await using service = await listen(
      createServer((request, response) => {
        void fetch(upstream).then(async (asked) => {
          response.setHeader('x-trace', request.headers['traceparent'] ?? '');
          response.end(`${asked.status} ${await asked.text()}`);
        });
      }),
    );
    using files = folder({
      'example.mjs': `${example
        .replace("'brownout'", `'${new URL('dist/src/index.js', root).href}'`)
        .replace('http://127.0.0.1:5000', stats.url)
        .replace('http://127.0.0.1:3000', service.url)
        .replaceAll(/port: \d+/g, 'port: 0')}\nexport { door, proxy };\n`,
    });
    const made = (await import(pathToFileURL(files.file('example.mjs')).href)) as {
      door: FrontDoor;
      proxy: Proxy;
    };
    await using door = made.door;
    await using proxy = made.proxy;
    upstream = proxy.upstreams[0]?.url ?? '';
    const page = async () => {
      const response = await fetch(door.url);
      expect(response.headers.get('x-trace')).to.match(/^00-[0-9a-f]{32}-/);
      return response.text();
    };
    for (let i = 0; i < 2; i++) expect(await page()).to.equal('503 Service Unavailable');
    expect(await page()).to.equal('200 here');
  });
});

/** What a page says to type: its commands stand in the order of the text, and go on with what those before have started. */
function typing(page: string, open: () => Promise<Terminal>): void {
  let terminal: Terminal;
  before(async () => {
    terminal = await open();
  });
  after(() => terminal.close());

  for (const { command, shown } of typedIn(page)) {
    it(`gives what it shows: ${command.slice(0, 60)}`, async () => {
      expect(await terminal.type(command)).to.match(patternOf(shown), shown);
    });
  }
}

/** A line without its times, which differ from run to run, and without what a busy machine makes a cell say. */
function timeless(line: string): string {
  return line
    .replaceAll(/\d+(\.\d+)?m?s\b/g, 'TIME')
    .replaceAll(/ {2}recovered in TIME| {2}\d+ attempts/g, '')
    .replaceAll(/ +/g, ' ')
    .trim();
}

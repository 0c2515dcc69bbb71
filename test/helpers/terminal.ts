import { expect } from 'chai';
import { brownout, start, type Running } from './cli.ts';
import { rawClient } from './raw-client.ts';

/** What a text says is typed, and what it says is then seen. */
export interface Typed {
  readonly command: string;
  readonly shown: string;
}

/** The commands of the `console` blocks of a text, in its order. */
export function typedIn(markdown: string): Typed[] {
  const blocks = [...markdown.matchAll(/^```console\n([^]*?)^```$/gm)];
  return blocks.flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return { command: part.slice(0, end), shown: part.slice(end + 1) };
      }),
  );
}

/** What is shown, to look for in what is printed. `…` stands for anything. */
export function patternOf(shown: string): RegExp {
  const parts = shown.trimEnd().split('…');
  const literal = parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`(^|\n)${literal.join('[^]*?')}(\n|$)`);
}

/** A terminal in which commands go on with what those before have started. */
export interface Terminal {
  /** Gives what is printed: to the end of the command, or where it goes on, until it has come up. */
  type(command: string): Promise<string>;
  /** Ends all that goes on. */
  close(): Promise<void>;
}

interface Options {
  /** What else than `brownout` and `curl` may be typed. */
  readonly programs?: Readonly<Record<string, (words: readonly string[]) => Promise<string>>>;
  /** The ports that stand in the text, and those to take in their place, beside those of what goes on. */
  readonly given?: ReadonlyMap<string, string>;
}

export function openTerminal({ programs = {}, given = new Map() }: Options = {}): Terminal {
  const running: Running[] = [];
  const ports = new Map<string, string>(given);

  return {
    type: async (command) => inText(await run(inTruth(command))),
    async close() {
      for (const { child } of running) child.kill('SIGINT');
      await Promise.all(running.map(({ finished }) => finished));
    },
  };

  function run(command: string): Promise<string> {
    const [program = '', ...words] = wordsOf(
      command.replace(/^node bin\/brownout\.js/, 'brownout'),
    );
    if (program === 'curl') return curl(words);
    if (program === 'brownout') return typeBrownout(words);
    const other = programs[program];
    expect(other, program).to.be.a('function');
    return other?.(words) ?? Promise.resolve('');
  }

  async function typeBrownout(args: readonly string[]): Promise<string> {
    const [name = ''] = args;
    if (SERVERS[name]) return serve(args, SERVERS[name]);
    const env = { BROWNOUT_CONTROL: `http://127.0.0.1:${ports.get(CONTROL)}` };
    const { code, stdout, stderr } = await brownout(args, { env });
    expect(code, stderr).to.equal(0);
    return stdout;
  }

  /** Starts what goes on, on ports of its own. */
  async function serve(args: readonly string[], promised: readonly string[]): Promise<string> {
    const free = args.map((word, i) => {
      if (args[i - 1] === '--port') return '0';
      return args[i - 1] === '--listen' ? word.replace(/:\d+$/, ':0') : word;
    });
    const own = [
      ...(promised.includes(CONTROL) ? ['--control', '127.0.0.1:0'] : []),
      ...(args[0] === 'up' && !args.includes('--port') ? ['--port', '0'] : []),
    ];
    const started = start([...free, ...own]);
    running.push(started);
    const said = await started.says('try:');
    const taken = [...said.matchAll(/^\S.*? http:\/\/127\.0\.0\.1:(\d+)/gm)];
    promised.forEach((port, i) => ports.set(port, taken[i]?.[1] ?? ''));
    return said;
  }

  function inTruth(command: string): string {
    return withPorts(command, ports);
  }

  function inText(printed: string): string {
    return withPorts(printed, new Map([...ports].map(([port, taken]) => [taken, port])));
  }
}

function withPorts(text: string, ports: ReadonlyMap<string, string>): string {
  return text.replaceAll(/127\.0\.0\.1:(\d+)/g, (address, port: string) =>
    address.replace(port, ports.get(port) ?? port),
  );
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

/** As the real one would print it, of which not every machine has one. */
async function curl(words: readonly string[]): Promise<string> {
  const after = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
  const url = new URL(words.find((word) => word.startsWith('http://')) ?? '');
  const body = words.includes('-d') ? after('-d') : '';
  const method = words.includes('-X') ? after('-X') : body ? 'POST' : 'GET';
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
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

/** Where the proxy of a text is controlled. */
const CONTROL = '8474';
/** What goes on, and the ports that a text gives to what each prints. */
const SERVERS: Readonly<Record<string, readonly string[]>> = {
  mock: ['5000'],
  proxy: ['5001', CONTROL],
  up: ['8080', '8000', '5001', CONTROL],
};

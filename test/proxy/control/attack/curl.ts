import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { rawClient } from '../../../helpers/raw-client.ts';

/** What `curl -i` prints, read. */
export interface Printed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Runs a line as it is typed into a shell; where there is no curl, a request that prints the same. */
export async function curl(line: string): Promise<Printed> {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, word]) => quoted ?? word ?? '',
  );
  return printed(hasCurl() ? await real(words.slice(1)) : await raw(words.slice(1)));
}

async function real(words: readonly string[]): Promise<string> {
  // Whatever proxy the machine has for the world outside is not for its loopback.
  const { stdout } = await promisify(execFile)('curl', ['-si', '--noproxy', '*', ...words]);
  return stdout;
}

async function raw(words: readonly string[]): Promise<string> {
  const after = (flag: string) =>
    words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;
  const url = new URL(words.find((word) => word.startsWith('http://')) ?? '');
  const body = after('-d');
  const lines = [
    `${after('-X') ?? (body === undefined ? 'GET' : 'POST')} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    `User-Agent: ${after('-A') ?? 'curl/8.0.0'}`,
    'Accept: */*',
    'Connection: close',
    ...(body === undefined
      ? []
      : [
          `Content-Type: ${after('-H') ?? 'application/x-www-form-urlencoded'}`.replace(
            /: content-type: /i,
            ': ',
          ),
          `Content-Length: ${Buffer.byteLength(body)}`,
        ]),
  ];
  const client = rawClient(url.href);
  client.send(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
  await client.ended;
  client.destroy();
  return client.text;
}

function printed(text: string): Printed {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: text.slice(end + 4),
  };
}

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

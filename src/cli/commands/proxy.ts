import { Command } from 'commander';
import { createDisposables } from '../../common/disposables.ts';
import { BrownoutError } from '../../common/errors.ts';
import { startControl } from '../../proxy/control/start-control.ts';
import { createProxy, type ProxyUpstream } from '../../proxy/proxy.ts';
import type { Io } from '../io.ts';
import { address, named, type Address } from '../options.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface Options {
  readonly upstream: ReadonlyMap<string, Upstream>;
  readonly listen?: ReadonlyMap<string, Address>;
  readonly control?: Address;
  readonly token?: string;
  readonly seed?: string;
}

export const proxy = (io: Io): Command =>
  new Command('proxy')
    .description('run the fault proxy before services, to break them by hand')
    .requiredOption(
      '--upstream <name=url>',
      'a service to stand in front of (repeatable): http:// or https://, else tcp:// or tls://',
      named(upstreamAt),
    )
    .option(
      '--listen <name=host:port>',
      'where it is reached (repeatable; a free port otherwise)',
      named(address),
    )
    .option('--control <host:port>', 'where faults are set (127.0.0.1:8474)', address)
    .option('--token <token>', 'what every control request must carry (BROWNOUT_TOKEN)')
    .option('--seed <n>', 'repeat the draws of an earlier run')
    .addHelpText(
      'after',
      `
Example:
  brownout proxy --upstream stats=http://127.0.0.1:5000 \\
                 --listen stats=127.0.0.1:5001
  curl http://127.0.0.1:8474/v1/rules -H 'content-type: application/json' -d \\
    '{"rules":[{"on":"stats","match":"GET /stats/*x","inject":"reset"}]}'

What speaks no HTTP is relayed as bytes; faults then act on its connections:
  brownout proxy --upstream db=tcp://127.0.0.1:5432`,
    )
    .action(
      async ({ upstream, listen = new Map(), control, token, seed = io.randomSeed() }: Options) => {
        const stray = [...listen.keys()].find((name) => !upstream.has(name));
        if (stray !== undefined) {
          throw new BrownoutError(
            'usage',
            `--listen ${stray}=… names no upstream: add --upstream ${stray}=http://…`,
          );
        }
        await using started = createDisposables();
        const running = started.use(createProxy({ seed }));
        for (const [name, more] of upstream) {
          const opened = await running.open({ name, ...more, ...listen.get(name) });
          io.stdout.write(`${name.padEnd(20)} ${opened.url} -> ${more.target}\n`);
        }
        const { url } = started.use(
          await startControl({
            proxy: running,
            ...(control ?? CONTROL),
            seed,
            token: token ?? io.env['BROWNOUT_TOKEN'],
          }),
        );
        io.stdout.write(`${'control'.padEnd(20)} ${url}\n\ntry: curl ${url}/v1/rules\n`);
        await untilInterrupted(io);
      },
    );

type Upstream = Pick<ProxyUpstream, 'target' | 'protocol' | 'ownHost'>;

function upstreamAt(text: string): Upstream {
  const [, scheme = '', port] = /^(https?|tcp|tls):\/\/[^/?#@]+?(:\d+)?\/?$/.exec(text) ?? [];
  const isHttp = scheme.startsWith('http');
  if (!scheme || !URL.canParse(text) || (!isHttp && port === undefined)) {
    throw new BrownoutError(
      'usage',
      `--upstream: expected an address such as stats=http://127.0.0.1:5000 or db=tcp://127.0.0.1:5432, got "${text}"`,
    );
  }
  const target = text.replace(/\/$/, '');
  // A service that is known by a certificate's name answers to that name.
  return { target, protocol: isHttp ? 'http' : 'tcp', ownHost: scheme === 'https' };
}

const CONTROL: Address = { host: '127.0.0.1', port: 8474 };

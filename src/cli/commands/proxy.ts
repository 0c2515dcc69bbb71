import { Command } from 'commander';
import { createDisposables } from '../../common/disposables.ts';
import { BrownoutError } from '../../common/errors.ts';
import { startControl } from '../../proxy/control/start-control.ts';
import { createProxy } from '../../proxy/proxy.ts';
import type { Io } from '../io.ts';
import { address, named, type Address } from '../options.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface Options {
  readonly upstream: ReadonlyMap<string, string>;
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
      'a service to stand in front of (repeatable)',
      named(baseUrl),
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
    '{"rules":[{"on":"stats","match":"GET /stats/*x","inject":"reset"}]}'`,
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
        for (const [name, target] of upstream) {
          const opened = await running.open({ name, target, ...listen.get(name) });
          io.stdout.write(`${name.padEnd(20)} ${opened.url} -> ${target}\n`);
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

function baseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text)) return text.replace(/\/$/, '');
  throw new BrownoutError(
    'usage',
    `--upstream: expected an address such as stats=http://127.0.0.1:5000, got "${text}"`,
  );
}

const CONTROL: Address = { host: '127.0.0.1', port: 8474 };

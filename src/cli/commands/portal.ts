import { Command } from 'commander';
import { createDisposables } from '../../common/disposables.ts';
import { SAMPLE } from '../groups.ts';
import type { Io } from '../io.ts';
import { endHelpWith } from '../late-help.ts';
import { port, portOf } from '../options.ts';
import { settingsHelp } from '../settings-help.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface Options {
  readonly port?: number;
  readonly statsUrl?: string;
  readonly unprotected?: true;
  readonly withMock?: true;
}

export const portal = (io: Io): Command =>
  endHelpWith(command(io), async () => {
    const { SETTINGS } = await import('../../portal/config.ts');
    return settingsHelp(SETTINGS, HELP_WIDTH);
  });

const command = (io: Io): Command =>
  new Command('portal')
    .description('run the sample service, a game portal')
    .helpGroup(SAMPLE)
    .option('--port <port>', 'where it answers (PORT, else 8000)', port)
    .option(
      '--stats-url <url>',
      'the stats service (STATS_TRACKER_URL, else http://127.0.0.1:5000)',
    )
    .option('--with-mock', 'start a mock stats service beside it')
    .option('--unprotected', 'call as the original did: no timeout, no status check, no catch')
    .addHelpText(
      'after',
      `
Example:
  brownout portal --with-mock
  curl http://127.0.0.1:8000/games/v2/games/exrps
  curl http://127.0.0.1:8000/token/ -H 'content-type: application/json' \\
    -d '{"email": "ada@example.test", "password": "ada-plays-fair"}'`,
    )
    .action(async (options: Options) => {
      const { startMockStats } = await import('../../mock-stats/start.ts');
      const { startPortal } = await import('../../portal/start.ts');
      await using started = createDisposables();
      const stats = options.withMock ? started.use(await startMockStats()) : undefined;
      const statsUrl = stats?.url ?? options.statsUrl ?? io.env['STATS_TRACKER_URL'];
      const running = started.use(
        await startPortal({
          env: { ...io.env, STATS_TRACKER_URL: statsUrl },
          unprotected: options.unprotected === true,
          port: options.port ?? portOf(io, 8000),
        }),
      );
      io.stdout.write(
        `portal               ${running.url}${options.unprotected ? ' (unprotected)' : ''}\n`,
      );
      if (stats) io.stdout.write(`mock stats service   ${stats.url}\n`);
      io.stdout.write(`\ntry: curl ${running.url}/games/v2/games/exrps\n`);
      await untilInterrupted(io);
    });

const HELP_WIDTH = 80;

import { Command } from 'commander';
import { SAMPLE } from '../groups.ts';
import type { Io } from '../io.ts';
import { port, portOf } from '../options.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface Options {
  readonly port?: number;
  readonly data?: string;
  readonly control?: number;
}

export const mock = (io: Io): Command =>
  new Command('mock')
    .description('run the mock stats service, or a mock of your own')
    .argument(
      '[file]',
      'routes and their answers, as in target: ./mock.yaml; else the stats service’s',
    )
    .helpGroup(SAMPLE)
    .option('--port <port>', 'where it answers (PORT, else 5000)', port)
    .option(
      '--data <file>',
      'its products, players and scores; built-in ones unless told otherwise',
    )
    .option('--control <port>', 'a port of its own to read calls and change answers', port)
    .addHelpText(
      'after',
      '\nExample:\n  brownout mock --port 5000 --control 5001\n  curl http://127.0.0.1:5001/calls\n  brownout mock reviews.yaml --port 5002',
    )
    .action(async (file: string | undefined, options: Options, command: Command) => {
      if (file !== undefined) return await ofFile(file, options, command, io);
      const { loadStatsData } = await import('../../mock-stats/data.ts');
      const { startMockStats } = await import('../../mock-stats/start.ts');
      await using running = await startMockStats({
        port: options.port ?? portOf(io, 5000),
        ...(options.data === undefined ? {} : { data: loadStatsData(options.data) }),
        ...(options.control === undefined ? {} : { controlPort: options.control }),
      });
      const { url, controlUrl } = running;
      io.stdout.write(`mock stats service   ${url}\n`);
      if (controlUrl !== undefined) io.stdout.write(`its control routes   ${controlUrl}\n`);
      io.stdout.write(`\ntry: curl ${url}/leaderboards/top_ten/exrps\n`);
      await untilInterrupted(io);
    });

async function ofFile(file: string, options: Options, command: Command, io: Io): Promise<void> {
  if (options.data !== undefined || options.control !== undefined)
    command.error('error: --data and --control are for the mock stats service: leave the file out');
  const { openFiles } = await import('../../scenario/load/files.ts');
  const { startMock } = await import('../../system/mock.ts');
  const mock = openFiles().mock(file);
  await using running = await startMock(mock, options.port ?? portOf(io, 5000));
  io.stdout.write(`mock ${mock.mock}   ${running.url}\n\n`);
  for (const route of Object.keys(mock.routes)) io.stdout.write(`  ${route}\n`);
  await untilInterrupted(io);
}

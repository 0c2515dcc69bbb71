import { randomInt } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { BrownoutError, FileError, InvalidError, messageOf } from '../common/errors.ts';
import { createPaint } from '../report/paint.ts';
import { printable } from '../report/printable.ts';
import { ReportsNotWritten } from '../report/not-written.ts';
import { commandsFor, type MakeCommand } from './commands-for.ts';
import {
  BROKEN,
  INTERRUPTED,
  INVALID_FILE,
  NOTHING_TESTED,
  OWN_FAULT,
  USAGE,
} from './exit-codes.ts';
import { EXPLAIN, GROUPS } from './groups.ts';
import { Exit, type Io } from './io.ts';
import { readyHelp } from './late-help.ts';
import { openOutput, type Stream } from './output.ts';
import { version } from '../common/version.ts';

/** Runs the command line; resolves to the exit code when everything it started has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const stop = () => {
    // A second Ctrl-C is from somebody who does not want to wait.
    if (interrupt.signal.aborted) process.exit(INTERRUPTED);
    interrupt.abort(new Exit(INTERRUPTED));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const io = systemIo(argv, interrupt.signal);
  try {
    return await codeWith(await run(argv, io), io);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** What could not be printed is no success, and changes nothing about what else went wrong. */
async function codeWith(code: number, { stdout, stderr }: SystemIo): Promise<number> {
  // A stream tells of its failure a little after the write.
  await new Promise((resolve) => setImmediate(resolve));
  const failure = stdout.failure();
  if (!failure) return code;
  const advice = 'free some space, or send stdout elsewhere';
  stderr.write(`error: stdout could not be written: ${failure.message}; ${advice}\n`);
  return code === 0 ? OWN_FAULT : code;
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const root = program(io, await commandsFor(argv));
    // The hook of below is not asked for `help <command>`.
    for (const command of root.commands) {
      if (argv.includes('help') && argv.includes(command.name())) await readyHelp(command);
    }
    await root.parseAsync(argv, { from: 'user' });
    return io.signal.aborted ? INTERRUPTED : 0;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    // What was waited for has been given up.
    if (io.signal.aborted && (error as Error).name === 'AbortError') return INTERRUPTED;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const paint = createPaint(io.stderr.colour);
    // Problems of files begin with their position, so that editors and terminals can jump there.
    const label = error instanceof FileError ? '' : `${paint.red('error:')} `;
    // A file may name anything: what it says is no command to the terminal.
    const lines = explain(error, io).split('\n').map(printable);
    io.stderr.write(`${label}${lines.join('\n')}\n`);
    return codeOf(error);
  }
}

function program(io: Io, commands: readonly MakeCommand[]): Command {
  const root = new Command('brownout')
    .addHelpCommand(
      new Command('help').argument('[command]').description('the help').helpGroup(EXPLAIN),
    )
    .description('Proves that a service degrades gracefully when what it calls answers badly.')
    .version(version())
    .option('--color', 'colour, even where it is not a terminal')
    .option('--no-color', 'no colour')
    .showHelpAfterError('(add --help for the options)')
    .addHelpText(
      'after',
      `
Examples:
  brownout run scenarios/portal         run scenarios, exit 0 when all hold
  brownout up scenarios/portal          start it, to break it by hand
  brownout send --fault leaderboard=hang    one request, broken for it alone`,
    );
  const all = commands.map((command) => command(io));
  all.sort((a, b) => GROUPS.indexOf(a.helpGroup()) - GROUPS.indexOf(b.helpGroup()));
  for (const command of all) root.addCommand(command);
  root.hook('preSubcommand', (_, command) => readyHelp(command));
  for (const command of withAllBelow(root)) {
    command
      .exitOverride()
      .configureHelp({ subcommandTerm: termOf })
      .configureOutput({ writeOut: io.stdout.write, writeErr: io.stderr.write });
  }
  return root;
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

/** A command in the list of them; each has options, so that none need be named. */
function termOf(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(' ');
}

function explain(error: unknown, { env }: Io): string {
  if (error instanceof FileError) return error.message;
  if (error instanceof BrownoutError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE') return `too many files are open: ${RAISE}`;
  if (code === 'ERR_MODULE_NOT_FOUND')
    return `${messageOf(error)}\nInstall brownout again; or, where few files may be open, ${RAISE}`;
  const stack = env['BROWNOUT_DEBUG'] && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return `${messageOf(error)}${stack || '\n(this is a defect of brownout; BROWNOUT_DEBUG=1 shows where)'}`;
}

function codeOf(error: unknown): number {
  if (error instanceof FileError) return INVALID_FILE;
  if (error instanceof InvalidError) return USAGE;
  if (error instanceof ReportsNotWritten && error.exit !== 0) return error.exit;
  if (error instanceof BrownoutError && error.code === 'nothing_selected') return NOTHING_TESTED;
  if (error instanceof BrownoutError && BROKEN_ERRORS.includes(error.code)) return BROKEN;
  return error instanceof BrownoutError && USAGE_ERRORS.includes(error.code) ? USAGE : OWN_FAULT;
}

interface SystemIo extends Io {
  readonly stdout: Stream;
}

function systemIo(argv: readonly string[], signal: AbortSignal): SystemIo {
  return {
    stdout: openOutput(process.stdout, argv),
    stderr: openOutput(process.stderr, argv),
    env: process.env,
    signal,
    randomSeed: () => String(randomInt(1, 2 ** 31)),
    now: () => new Date(),
  };
}

/** The service did not start, or lets nobody in. */
const BROKEN_ERRORS: readonly string[] = ['not_ready', 'login_failed'];
const RAISE = 'raise the limit, as by "ulimit -n 4096"';

const USAGE_ERRORS: readonly string[] = [
  'usage',
  'invalid_config',
  'invalid_reporter',
  'token_needed',
  'bad_token',
];

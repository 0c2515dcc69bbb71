import { createDisposables } from '../../common/disposables.ts';
import { BrownoutError } from '../../common/errors.ts';
import type { ListenAddress } from '../../common/listen-address.ts';
import { startControl } from '../../proxy/control/start-control.ts';
import { createProxy, type ProxyUpstream } from '../../proxy/proxy.ts';
import type { Io } from '../io.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { readConfig, type Wanted } from './config.ts';
import type { ProxyFlags } from './flags.ts';
import { binding } from './port-errors.ts';
import { startScreen } from './screen.ts';

/** Runs the proxy until it is interrupted. */
export async function runProxy(flags: ProxyFlags, io: Io): Promise<void> {
  const { config, seed = io.randomSeed(), control = CONTROL } = flags;
  const token = flags.token ?? io.env['BROWNOUT_TOKEN'];
  const wanted = readWanted(flags);
  await using started = createDisposables();
  const proxy = started.use(createProxy({ seed }));
  for (const upstream of wanted.upstreams) {
    await binding(upstream, whereToChange(flags, upstream.name), () => proxy.open(upstream));
  }
  const rules = await proxy.control.add(wanted.rules);
  const { url } = started.use(
    await binding(control, '--control host:port', () =>
      startControl({ proxy, ...control, seed, token }),
    ),
  );
  const urls = new Map(proxy.upstreams.map((opened) => [opened.name, opened.url]));
  const upstreams = wanted.upstreams.map((one) => ({ ...one, url: urls.get(one.name) ?? '' }));
  const screen = startScreen(
    {
      upstreams,
      rules,
      control: url,
      seed,
      config,
      journal: flags.journal,
      plans: flags.plans === true,
      reach: reachBy(url, flags),
    },
    io.stdout,
  );
  io.stdout.write(screen);
  await untilInterrupted(io);
}

/** What flags and file ask for together. */
export function readWanted(flags: ProxyFlags): Wanted {
  const flagged = flaggedUpstreams(flags);
  const { config } = flags;
  if (config === undefined && flagged.length === 0) {
    const message =
      'nothing to stand in front of: say --upstream stats=http://127.0.0.1:5000, or --config file';
    throw new BrownoutError('usage', message);
  }
  const file = config === undefined ? NOTHING : readConfig(config, flagged);
  const upstreams = [...flagged, ...file.upstreams];
  checkNamed('listen', flags.listen, upstreams);
  checkNamed('protocol', flags.protocol, flagged);
  return {
    ...file,
    upstreams: upstreams.map((one) => ({ ...one, ...flags.listen?.get(one.name) })),
  };
}

function flaggedUpstreams({ upstream = new Map(), protocol }: ProxyFlags): ProxyUpstream[] {
  return [...upstream].map(([name, target]) => ({
    name,
    ...target,
    protocol: protocol?.get(name) ?? target.protocol,
  }));
}

function checkNamed(
  flag: string,
  given: ReadonlyMap<string, unknown> | undefined,
  upstreams: readonly ProxyUpstream[],
): void {
  for (const name of given?.keys() ?? []) {
    if (upstreams.some((one) => one.name === name)) continue;
    const message = `--${flag} ${name}=… names no upstream: add --upstream ${name}=http://…`;
    throw new BrownoutError('usage', message);
  }
}

/** What a verb has to be told, so that it finds this proxy. */
function reachBy(url: string, { token }: ProxyFlags): string[] {
  const at = url === `http://${CONTROL.host}:${CONTROL.port}` ? [] : ['--control', url];
  // The one in the environment is there for the verb, too.
  return [...at, ...(token === undefined ? [] : ['--token', '<token>'])];
}

function whereToChange({ config, listen, upstream }: ProxyFlags, name: string): string {
  const inFile = config !== undefined && !upstream?.has(name) && !listen?.has(name);
  return inFile ? `listen: of ${name} in ${config}` : `--listen ${name}=host:port`;
}

const CONTROL: ListenAddress = { host: '127.0.0.1', port: 8474 };
const NOTHING: Wanted = { upstreams: [], rules: [] };

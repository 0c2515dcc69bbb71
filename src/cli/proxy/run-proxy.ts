import { createDisposables } from '../../common/disposables.ts';
import { startControl } from '../../proxy/control/start-control.ts';
import { createProxy } from '../../proxy/proxy.ts';
import type { Io } from '../io.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { version } from '../../common/version.ts';
import type { ProxyFlags } from './flags.ts';
import { openJournalFile, recordJournal } from './journal-file.ts';
import { binding } from './port-errors.ts';
import { reloadOnChange } from './reload.ts';
import { startScreen } from './screen.ts';
import { CONTROL, reachBy, tellOnce } from './standard.ts';
import { createStanding } from './standing.ts';
import { readWanted } from './wanted.ts';
import { textOf } from './watch-file.ts';

/** Runs the proxy until it is interrupted. */
export async function runProxy(flags: ProxyFlags, io: Io): Promise<void> {
  const { config, journal, seed = io.randomSeed(), control = CONTROL, plans = false } = flags;
  const token = flags.token ?? io.env['BROWNOUT_TOKEN'];
  // Before it is read: what changes later is seen.
  const text = config === undefined ? undefined : await textOf(config);
  const wanted = readWanted(flags);
  await using started = createDisposables();
  const file = journal === undefined ? undefined : await openJournalFile(journal);
  const proxy = createProxy({ seed, plans });
  // It is ended after the proxy, so that it holds how the last exchanges ended.
  if (file) started.use(recordJournal(proxy.control, file, tellOnce(io)));
  started.use(proxy);
  const standing = createStanding(
    proxy,
    (upstream) =>
      binding(upstream, whereToChange(flags, upstream.name), () => proxy.open(upstream)),
    config,
  );
  const { rulesAdded: rules, proxiesPut: proxies } = await standing.become(wanted);
  const { url } = started.use(
    await binding(control, '--control host:port', () =>
      startControl({ proxy, ...control, version: version(), seed, token }),
    ),
  );
  const urls = new Map(proxy.upstreams.map((opened) => [opened.name, opened.url]));
  const upstreams = wanted.upstreams.map((one) => ({ ...one, url: urls.get(one.name) ?? '' }));
  const reach = reachBy(url, flags);
  const facts = { upstreams, proxies, rules, control: url, seed, config, journal, plans, reach };
  io.stdout.write(startScreen(facts, io.stdout));
  if (config !== undefined)
    started.use(reloadOnChange(config, text, () => readWanted(flags), standing, io));
  await untilInterrupted(io);
}

function whereToChange({ config, listen, upstream }: ProxyFlags, name: string): string {
  const inFile = config !== undefined && !upstream?.has(name) && !listen?.has(name);
  return inFile ? `"listen" of ${name} in ${config}` : `--listen ${name}=host:port`;
}

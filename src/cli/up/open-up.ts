import { resolve } from 'node:path';
import type { Disposables } from '../../common/disposables.ts';
import type { ListenAddress } from '../../common/listen-address.ts';
import { version } from '../../common/version.ts';
import { startControl } from '../../proxy/control/start-control.ts';
import { contractsBeside } from '../../scenario/contracts-beside.ts';
import { openFiles } from '../../scenario/files.ts';
import { createRedactor, secretsOf } from '../../scenario/redact.ts';
import { startFrontDoor } from '../../system/front-door.ts';
import { openSystem, type OpenSystem } from '../../system/open.ts';
import type { Io } from '../io.ts';
import { binding } from '../proxy/port-errors.ts';
import { createIdentities } from '../send/identities.ts';
import { createSender, type Sender, type Under } from '../send/sender.ts';
import { sendRoute } from './send-route.ts';

/** A service with its upstreams, that runs for one who sends requests to it. */
export interface OpenService {
  readonly under: Under;
  readonly system: OpenSystem;
  readonly sender: Sender;
}

/** All that runs when `up` has come up. */
export interface Up extends OpenService {
  readonly page: string;
  readonly control: string;
}

export interface ServiceOptions {
  readonly file: string;
  readonly seed: string;
  readonly io: Io;
}

export interface UpOptions extends ServiceOptions {
  readonly port: number;
  readonly control: ListenAddress;
  readonly token: string | undefined;
}

/** Starts the service alone: nobody else comes in. */
export async function openService(
  { file, seed, io }: ServiceOptions,
  started: Disposables,
  door: (url: string, under: Omit<Under, 'page'>) => Promise<string | undefined> = async () =>
    undefined,
): Promise<OpenService> {
  const { env, signal } = io;
  const files = openFiles(env);
  const spec = files.system(file);
  const contracts = contractsBeside(file, spec, files);
  const redactor = createRedactor();
  for (const secret of secretsOf(spec, env)) redactor.add(secret);
  const system = started.use(await openSystem(spec, seed, { plans: true }));
  const instance = await system.start(undefined, signal);
  const identities = createIdentities(spec, instance.url, (token) => redactor.add(token));
  const { control } = system;
  const inner = { file: resolve(file), spec, contracts, control, instance, identities, redactor };
  const under: Under = { ...inner, page: await door(instance.url, inner) };
  return { under, system, sender: createSender(under) };
}

/** Starts the service, and a front door and a control API before it. */
export async function openUp(options: UpOptions, started: Disposables): Promise<Up> {
  const { port, control: at, token, seed, io } = options;
  const opened = await openService(options, started, async (target, { identities }) => {
    const door = await binding({ port }, '--port', () =>
      startFrontDoor({
        target,
        port,
        identify: (as) => identities.headersFor(as, io.signal),
      }),
    );
    return started.use(door).url;
  });
  const { under, system, sender } = opened;
  const { spec, contracts, page = '' } = under;
  const about = {
    version: version(),
    seed,
    system: spec.system,
    file: under.file,
    page,
    service: under.instance.url,
    identities: Object.keys(spec.identities),
    contracts: contracts.map(({ contract }) => contract.contract),
    presets: Object.keys(spec.presets ?? {}),
  };
  const extend = sendRoute(sender, io.signal);
  const control = started.use(
    await binding(at, '--control host:port', () =>
      startControl({ proxy: system.proxy, ...at, token, extend, ...about }),
    ),
  );
  return { ...opened, page, control: control.url };
}

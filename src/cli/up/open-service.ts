import { resolve } from 'node:path';
import type { Disposables } from '../../common/disposables.ts';
import { contractsBeside } from '../../scenario/load/contracts-beside.ts';
import { openFiles } from '../../scenario/load/files.ts';
import { createRedactor, redactedError, secretsOf } from '../../scenario/run/redact.ts';
import { openSystem, type OpenSystem } from '../../system/open.ts';
import type { Io } from '../io.ts';
import { createIdentities } from '../send/identities.ts';
import { createSender, type Sender, type Under } from '../send/sender.ts';

/** A service with its upstreams, that runs for one who sends requests to it. */
export interface OpenService {
  readonly under: Under;
  readonly system: OpenSystem;
  readonly sender: Sender;
}

export interface ServiceOptions {
  readonly file: string;
  readonly seed: string;
  readonly io: Io;
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
  // Another terminal, in another folder, is told of them.
  const contracts = contractsBeside(file, spec, files).map((one) => ({
    ...one,
    file: resolve(one.file),
  }));
  const redactor = createRedactor();
  for (const secret of secretsOf(spec, env)) redactor.add(secret);
  const system = started.use(await openSystem(spec, seed, { plans: true }));
  const instance = await system.start(undefined, signal).catch((error: unknown) => {
    throw redactedError(error, redactor);
  });
  const identities = createIdentities(spec, instance.url, (token) => redactor.add(token));
  const { control } = system;
  const inner = { file: resolve(file), spec, contracts, control, instance, identities, redactor };
  const under: Under = { ...inner, page: await door(instance.url, inner) };
  return { under, system, sender: createSender(under) };
}

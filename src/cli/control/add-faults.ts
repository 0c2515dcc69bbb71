import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BrownoutError, InvalidError, type Problem } from '../../common/errors.ts';
import { located, parseYaml, readYaml, type YamlFile } from '../../common/yaml-file.ts';
import type { ControlClient } from '../../proxy/control/client.ts';
import type { RuleView } from '../../proxy/rules.ts';
import { addressed } from './addressed.ts';

/** What to add, in the ways in which it may be said. */
export interface Asked {
  readonly addresses: readonly string[];
  /** `first=2`, of every address. */
  readonly trigger?: readonly string[];
  /** Rules as YAML. */
  readonly rule?: readonly string[];
  /** A file of rules; `-` is the standard input. */
  readonly file?: string;
  readonly run?: string;
}

/**
 * Adds all that was asked for, or nothing.
 * @throws {InvalidError} for what the command line says
 * @throws {FileError} for what the file says
 */
export async function addFaults(
  client: ControlClient,
  asked: Asked,
  signal: AbortSignal,
): Promise<readonly RuleView[]> {
  const { addresses, trigger = [], rule = [], file, run } = asked;
  if (trigger.length > 0 && addresses.length === 0)
    throw usage('--trigger belongs to an address: a rule has a trigger of its own');
  if (file !== undefined) {
    if (addresses.length + rule.length > 0) throw usage('say either --file, or what to add');
    return addFile(client, await readRules(file, signal), run);
  }
  const written = rule.map((one) => ({ label: `--rule ${one}`, rule: parseRuleText(one) }));
  const all = [...(await addressed(client, addresses, trigger)), ...written];
  if (all.length === 0) throw usage('nothing to add: say for example stats=latency:2s');
  return client
    .add(
      all.map((one) => one.rule),
      run,
    )
    .catch((error: unknown) => {
      throw error instanceof InvalidError
        ? labelled(
            error,
            all.map(({ label }) => label),
          )
        : error;
    });
}

async function addFile(
  client: ControlClient,
  source: YamlFile,
  run: string | undefined,
): Promise<readonly RuleView[]> {
  const { rules, at } = rulesIn(source.value);
  return client.add(rules, run).catch((error: unknown) => {
    if (!(error instanceof InvalidError)) throw error;
    throw located(
      new InvalidError(error.problems.map((p) => ({ ...p, path: at(p.path) }))),
      source,
    );
  });
}

/** A list of rules, `rules:` with such a list as a file for `brownout proxy` has it, or one rule. */
function rulesIn(value: unknown): { rules: readonly unknown[]; at: (path: Path) => Path } {
  if (Array.isArray(value)) return { rules: value, at: (path) => path };
  const { rules } = (value ?? {}) as { readonly rules?: unknown };
  if (Array.isArray(rules)) return { rules, at: (path) => ['rules', ...path] };
  return { rules: [value], at: (path) => path.slice(1) };
}

async function readRules(file: string, signal: AbortSignal): Promise<YamlFile> {
  if (file !== '-') return readYaml(file);
  const written = text(addAbortSignal(signal, process.stdin)).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
  return parseYaml(await written, 'standard input');
}

function parseRuleText(written: string): unknown {
  try {
    return parseYaml(written, '--rule').value;
  } catch (error) {
    throw usage((error as Error).message);
  }
}

/** The problems of a list of rules, each with what was written on the command line. */
function labelled({ problems }: InvalidError, labels: readonly string[]): InvalidError {
  return new InvalidError(
    problems.map(({ path: [index, ...path], message }) => {
      const label = labels[Number(index)] ?? '';
      const where = path.length > 0 ? `${path.join('.')}: ` : '';
      return { path: [], message: `${label}: ${where}${message}` };
    }),
  );
}

function usage(message: string): BrownoutError {
  return new BrownoutError('usage', message);
}

type Path = Problem['path'];

import { invalid } from '../../common/errors.ts';
import { createProblems } from '../../common/problems.ts';
import { didYouMean } from '../../common/suggest.ts';
import { parseYaml } from '../../common/yaml-file.ts';
import { parsePlan, ruleOf, TRIGGERS } from '../../proxy/catalogue.ts';
import type { ControlClient } from '../../proxy/control/client.ts';
import { namesOf } from './names.ts';

/** A rule, and how it was written. */
export interface Labelled {
  readonly label: string;
  readonly rule: object;
}

/**
 * The rules that addresses such as `leaderboard=status:503+player-stats=hang` mean at a proxy, with triggers such as
 * `first=2`.
 * @throws {InvalidError} with every problem of them all
 */
export async function addressed(
  client: ControlClient,
  addresses: readonly string[],
  triggers: readonly string[],
): Promise<readonly Labelled[]> {
  if (addresses.length === 0) return [];
  const names = namesOf(await client.about());
  const problems = createProblems();
  const steps = addresses.flatMap(
    (text) => problems.attempt(() => parsePlan(text, names, { connections: true })) ?? [],
  );
  const pairs = triggers.flatMap((text) => {
    const pair = problems.attempt(() => readTrigger(text));
    return pair ? [pair] : [];
  });
  problems.settle();
  const when = Object.fromEntries(pairs);
  return steps.map((step) => {
    const { trigger: own, ...rule } = ruleOf(step);
    const trigger = { ...own, ...when };
    const label = `${step.on}=…`;
    return Object.keys(trigger).length > 0
      ? { label, rule: { ...rule, trigger } }
      : { label, rule };
  });
}

/** `first=2`, `nth=2,5`, `flap=up:2s,down:1s`, or any value as YAML has it. */
function readTrigger(text: string): [string, unknown] {
  const [, name = '', written = ''] = /^([a-z-]+)=(.+)$/s.exec(text) ?? [];
  if (name === '')
    throw invalid([], `--trigger: expected name=value such as first=2, got "${text}"`);
  const trigger = TRIGGERS.get(name);
  if (!trigger) {
    throw invalid(
      [],
      `--trigger: unknown trigger "${name}"${didYouMean(name, [...TRIGGERS.keys()])}`,
    );
  }
  const value = parseYaml(asYaml(written), '--trigger').value;
  try {
    trigger.parse(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid([], `--trigger ${name}: ${error.message}`);
  }
  return [name, value];
}

/** The brackets of a list or a map may be left out. */
function asYaml(written: string): string {
  if (/^[[{]/.test(written)) return written;
  if (/^[a-z-]+:/.test(written)) return `{${written.replaceAll(/:(?=\S)/g, ': ')}}`;
  return written.includes(',') ? `[${written}]` : written;
}

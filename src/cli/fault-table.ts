import type { ChalkInstance } from 'chalk';
import { stringify } from 'yaml';
import { describeFault, describeTrigger } from '../proxy/describe.ts';
import type { Fault } from '../proxy/fault.ts';
import type { Trigger } from '../proxy/trigger.ts';

/** What there is to choose from. */
export interface Catalogue {
  readonly faults: readonly Fault[];
  readonly triggers: readonly Trigger[];
}

/** A line for each fault and trigger, and what it takes, within `width` columns. */
export function catalogueTable(
  { faults, triggers }: Catalogue,
  width: number,
  paint: ChalkInstance,
): string {
  const column = Math.max(...[...faults, ...triggers].map(({ name }) => name.length)) + 2;
  const row = (name: string, summary: string, takes: string) => {
    const lines = wrapped(summary, width - column).map((line, i) =>
      i === 0
        ? paint.bold(name) + ' '.repeat(column - name.length) + line
        : ' '.repeat(column) + line,
    );
    return [
      ...lines,
      ...wrapped(takes, width - column).map((line) => ' '.repeat(column) + paint.dim(line)),
    ].join('\n');
  };
  return [
    paint.bold('Faults, to inject; names with ? may be left out'),
    '',
    ...faults.map((fault) => row(fault.name, fault.summary, taken(fault))),
    '',
    paint.bold('Triggers, for when; several must all hold'),
    '',
    ...triggers.map((trigger) => row(trigger.name, trigger.summary, written(trigger))),
    '',
    'brownout faults <name> explains one.',
    '',
  ].join('\n');
}

/** Everything about one fault, with how to write it. */
export function explainFault(fault: Fault, width: number, paint: ChalkInstance): string {
  const { parameters, example } = describeFault(fault);
  const lines = parameters.flatMap(({ name, description, range, required, default: standard }) => {
    const must = required
      ? 'required'
      : standard === null
        ? 'optional'
        : `default ${JSON.stringify(standard)}`;
    const [first = '', ...rest] = wrapped(`${name} (${must}): ${description}`, width - 6);
    return [
      `  ${paint.bold(name)}${first.slice(name.length)}`,
      ...[...rest, ...wrapped(range, width - 6).map((line) => paint.dim(line))].map(
        (line) => `      ${line}`,
      ),
    ];
  });
  return [
    `${paint.bold(fault.name)}: ${fault.summary}`,
    '',
    ...wrapped(place(fault), width),
    ...(lines.length > 0 ? ['', 'Parameters:', ...lines] : []),
    '',
    ...shown({ on: 'stats', inject: example }),
  ].join('\n');
}

export function explainTrigger(trigger: Trigger, paint: ChalkInstance): string {
  return [
    `${paint.bold(trigger.name)}: ${trigger.summary}`,
    '',
    'A trigger: it says when a rule acts. Several must all hold.',
    '',
    ...shown({ on: 'stats', inject: 'reset', trigger: describeTrigger(trigger).example }),
  ].join('\n');
}

/** The table of faults in the README. */
export function faultsMarkdown(faults: readonly Fault[]): string {
  const rows = faults.map((fault) => {
    const { tcp, parameters } = describeFault(fault);
    const all = parameters.map(({ name, required }) => `\`${name}${required ? '' : '?'}\``);
    return `| \`${fault.name}\` | ${fault.summary} | ${tcp ? '✓' : ''} | ${all.join(' ')} |`;
  });
  return table(['fault', 'what the service sees', 'tcp', 'parameters'], rows);
}

/** The table of triggers in the README. */
export function triggersMarkdown(triggers: readonly Trigger[]): string {
  const rows = triggers.map(
    (trigger) => `| \`${trigger.name}\` | ${trigger.summary} | \`${written(trigger)}\` |`,
  );
  return table(['trigger', 'the rule acts', 'written'], rows);
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return `| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}\n${rows.join('\n')}\n`;
}

/** Where it acts, and what a rule may put it on. */
function place(fault: Fault): string {
  const { parameters, phase, tcp } = describeFault(fault);
  const moves = parameters.some(({ kind }) => kind === 'phase');
  const when = moves ? 'Acts at the phase that at says' : `Acts at ${phase}`;
  if ('onExchange' in fault)
    return `${when}, on an http upstream or its calls${tcp ? ', or on a tcp upstream' : ''}.`;
  const secured = 'onHandshake' in fault ? ' that is reached by TLS' : '';
  return `${when}, on a whole upstream${secured} (http or tcp), never on a call.`;
}

function taken(fault: Fault): string {
  const { parameters, tcp } = describeFault(fault);
  const names = parameters.map(({ name, required }) => (required ? name : `${name}?`)).join(', ');
  return [...(names ? [`takes ${names}`] : []), ...(tcp ? ['tcp too'] : [])].join('; ');
}

function shown(rule: object): string[] {
  return ['In a rule, or in the faults of a scenario:', `  ${flow(rule)}`, ''];
}

function written(trigger: Trigger): string {
  return flow(describeTrigger(trigger).example).slice(2, -2);
}

/** YAML in one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** Lines of words, none longer than `width`, unless a word is. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

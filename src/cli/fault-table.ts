import type { ChalkInstance } from 'chalk';
import { describeFault } from '../proxy/describe.ts';
import type { Fault } from '../proxy/fault.ts';

/** One line a fault, within `width` columns. */
export function faultTable(faults: readonly Fault[], width: number, paint: ChalkInstance): string {
  const column = Math.max(...faults.map(({ name }) => name.length)) + 2;
  const lines = faults.flatMap((fault) => {
    const [first = '', ...rest] = wrapped(fault.summary, Math.max(20, width - column));
    const names = Object.keys(fault.parameters).join(', ');
    return [
      paint.bold(fault.name) + ' '.repeat(column - fault.name.length) + first,
      ...rest.map((line) => ' '.repeat(column) + line),
      ...(names ? [paint.dim(`${' '.repeat(column)}takes: ${names}`)] : []),
    ];
  });
  return `${lines.join('\n')}\n\nbrownout faults <name> explains one.\n`;
}

/** Everything about one fault, with how to write it. */
export function explainFault(fault: Fault, paint: ChalkInstance): string {
  const parameters = describeFault(fault).parameters.map(
    ({ name, description, range, required, default: standard }) => {
      const must = required
        ? 'required'
        : standard === null
          ? 'optional'
          : `default ${JSON.stringify(standard)}`;
      return `  ${paint.bold(name)} (${must}): ${description}\n      ${range}`;
    },
  );
  const { main } = fault;
  const example = main && fault.parameters[main]?.required ? `{ ${fault.name}: … }` : fault.name;
  return [
    `${paint.bold(fault.name)}: ${fault.summary}`,
    ...(parameters.length > 0 ? ['', 'Parameters:', ...parameters] : []),
    '',
    `In a scenario: faults: [{ on: stats, inject: ${example} }]`,
    '',
  ].join('\n');
}

/** The table of the README. */
export function markdownTable(faults: readonly Fault[]): string {
  const rows = faults.map((fault) => {
    const parameters = describeFault(fault).parameters.map(
      ({ name, required, default: standard }) =>
        required
          ? `\`${name}\``
          : standard === null
            ? `\`${name}?\``
            : `\`${name}\` = ${JSON.stringify(standard)}`,
    );
    return `| \`${fault.name}\` | ${fault.summary} | ${parameters.join(', ')} |`;
  });
  return `${['| fault | what the service sees | parameters |', '|---|---|---|', ...rows].join('\n')}\n`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

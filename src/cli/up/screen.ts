import { fits, pad, wrap } from '../../report/columns.ts';
import { createPaint } from '../../report/paint.ts';
import type { Output } from '../io.ts';
import type { Up } from './open-up.ts';

interface Facts {
  readonly up: Up;
  /** As it was found. */
  readonly file: string;
  readonly seed: string;
  readonly journal: string | undefined;
  /** How a verb reaches it: nothing where it would find it anyway. */
  readonly reach: readonly string[];
}

/** What is shown when all is up: where everything is, then what to do next. */
export function upScreen({ up, file, seed, journal, reach }: Facts, output: Output): string {
  const { under, system, page, control } = up;
  const { spec, contracts, instance } = under;
  const { width, colour } = output;
  const paint = createPaint(colour);
  const upstreams = system.proxy.upstreams;
  const column = Math.max(12, ...upstreams.map(({ name }) => name.length + 2));
  const line = (name: string, ...texts: readonly string[]) =>
    texts.length === 0
      ? []
      : [`${paint.bold(pad(name, column))}${texts.join(`\n${' '.repeat(column)}`)}`];
  const told = (text: string) => wrap(text, width - column);
  const place = (url: string, target: string) => {
    const whole = `${url} -> ${target}`;
    return fits(whole, width - column) ? [whole] : [url, `-> ${target}`];
  };
  const list = (name: string, names: readonly string[], how: string) =>
    names.length === 0 ? [] : line(name, ...told(`${names.join(', ')}  (${how})`));
  const identities = Object.keys(spec.identities);
  const [as = ''] = identities;
  const presets = Object.keys(spec.presets ?? {});
  const names = contracts.map(({ contract }) => contract.contract);
  const verb = (...words: string[]) => ['brownout', ...words, ...reach].join(' ');
  const fault = example(up);
  return `${[
    ...line('page', `${paint.bold(page)}  (${spec.system}; send requests here)`),
    ...line('service', instance.url),
    ...upstreams.flatMap(({ name, url, calls, made }) => {
      const named = Object.keys(calls);
      const more =
        named.length > 0 ? told(`calls ${named.join(', ')}`).map((part) => paint.dim(part)) : [];
      return line(name, ...place(url, made.target), ...more);
    }),
    ...line('control', control),
    ...list('identities', identities, `send --as ${as}, or the header x-brownout-as: ${as}`),
    ...list('contracts', names, 'send judges by them'),
    ...list('presets', presets, `send --preset ${presets[0]}`),
    ...line('system', file),
    ...(journal === undefined ? [] : line('journal', journal)),
    ...line('seed', seed),
    '',
    'Try in another terminal, and see below what the service asks of its upstreams:',
    `  ${verb('send', ...(names.length === 1 ? [] : ['/']), '--fault', `${fault}=hang`)}`,
    `  ${verb('fault', 'add', `${fault}=latency:2s`)}`,
    `${paint.bold('try:')} open ${page}/ in a browser. Ctrl-C puts all back.`,
    '',
  ].join('\n')}\n`;
}

/** Something that may be broken. */
function example({ under: { spec } }: Up): string {
  const [first, { calls = {} } = {}] = Object.entries(spec.upstreams)[0] ?? ['stats'];
  return Object.keys(calls)[0] ?? first;
}

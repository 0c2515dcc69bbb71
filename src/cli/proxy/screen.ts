import type { ProxyUpstream } from '../../proxy/proxy.ts';
import type { RuleView } from '../../proxy/rules.ts';
import type { ProxyView } from '../../proxy/toxiproxy/toxiproxy.ts';
import { cut, fits, pad, wrap } from '../../report/columns.ts';
import { createPaint } from '../../report/paint.ts';
import type { Output } from '../io.ts';
import { describeRule } from '../rule-line.ts';

/** All that a person needs to know of a proxy that has started. */
export interface Started {
  readonly upstreams: readonly (ProxyUpstream & { readonly url: string })[];
  readonly proxies: readonly ProxyView[];
  readonly rules: readonly RuleView[];
  readonly control: string;
  readonly seed: string;
  readonly journal?: string | undefined;
  readonly config?: string | undefined;
  readonly plans: boolean;
  /** How a verb reaches it: nothing where it would find it anyway. */
  readonly reach: readonly string[];
}

/** What is shown when the proxy has started; the last line is a command that works. */
export function startScreen(started: Started, { width, colour }: Output): string {
  const paint = createPaint(colour);
  const { upstreams, proxies, rules, control, seed, journal, config, plans } = started;
  const names = [...upstreams, ...proxies].map(({ name }) => name);
  const column = Math.max(20, ...names.map((name) => name.length)) + 1;
  const line = (name: string, ...texts: string[]) =>
    `${paint.bold(pad(name, column))}${texts.join(`\n${' '.repeat(column)}`)}`;
  const below = (text: string) => wrap(text, width - column).map((part) => paint.dim(part));
  const place = (url: string, target: string) => {
    const whole = `${url} -> ${target}`;
    return fits(whole, width - column) ? [whole] : [url, `-> ${target}`];
  };
  const told = upstreams.map(({ name, url, target, calls = {} }) => {
    const named = Object.keys(calls);
    const more = named.length > 0 ? below(`calls ${named.join(', ')}`) : [];
    return line(name, ...place(url, target), ...more);
  });
  const toldProxies = proxies.map(({ name, listen, upstream, enabled, toxics }) => {
    const where = place(`tcp://${listen}`, upstream);
    const named = toxics.map((toxic) => toxic.name);
    const more = named.length > 0 ? below(`toxics ${named.join(', ')}`) : [];
    return line(name, ...where, ...(enabled ? [] : ['disabled']), ...more);
  });
  const [first = '', ...others] = rules.map((rule) => cut(describeRule(rule), width - column));
  return `${[
    ...told,
    ...toldProxies,
    line('control', control),
    ...(rules.length > 0 ? [line('rules', first, ...others)] : []),
    ...(config === undefined ? [] : [line('config', `${config} (read again when it changes)`)]),
    ...(journal === undefined ? [] : [line('journal', journal)]),
    ...(plans ? [line('plans', 'requests may carry faults of their own (brownout.plan)')] : []),
    line('seed', seed),
    '',
    `${paint.bold('try:')} ${tryThis(started)}`,
  ].join('\n')}\n`;
}

/** One command that works, with what is there. */
function tryThis({ upstreams, proxies, reach }: Started): string {
  // Toxiproxy's names may hold what a shell takes for itself.
  const first = [...upstreams, ...proxies].find(({ name }) => /^[\w.-]+$/.test(name));
  const words = first ? ['fault', 'add', `${first.name}=latency:2s`] : ['fault', 'list'];
  return ['brownout', ...words, ...reach].join(' ');
}

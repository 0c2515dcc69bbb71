import { connect } from 'node:net';
import { openClient } from './control-exchange.js';
import { median } from './report.js';

/**
 * Makes a change and sends the next exchange when it is answered, `count` times; undoes it, and the same again. What is
 * measured, in milliseconds from the moment before the change was sent: `answered`, until its answer; `effect`, until
 * what shows it. That the next exchange does not show it is counted as `missed`.
 */
export async function measureEffects(control, { stats, other }, count) {
  const effects = {
    'a rule comes': [],
    'a rule goes': [],
    'a toxic comes': [],
    'a toxic goes': [],
    'a proxy is disabled': [],
    'a proxy is enabled': [],
  };
  const note = (name, sample) => effects[name].push(sample);
  const client = await openClient(stats);
  for (let i = 0; i < count; i++) {
    const status = async () => (await client.ask('/probe')).slice(9, 12);
    let id;
    note(
      'a rule comes',
      await measured(
        async () => {
          const { rules } = await control.ask('POST /v1/rules', { rules: [RULE] });
          ({ id } = rules[0]);
        },
        async () => (await status()) === '503',
      ),
    );
    const lift = () => control.ask(`DELETE /v1/rules/${id}`);
    note('a rule goes', await measured(lift, async () => (await status()) === '200'));
  }
  client.end();
  for (let i = 0; i < count; i++) {
    const cut = () => comesBack(other, 'ping').then((back) => back !== 'ping');
    const add = () => control.ask('POST /proxies/other/toxics', TOXIC);
    note('a toxic comes', await measured(add, cut));
    const remove = () => control.ask('DELETE /proxies/other/toxics/cut');
    note('a toxic goes', await measured(remove, async () => !(await cut())));
    const set = (enabled) => () => control.ask('POST /proxies/other', { enabled });
    note('a proxy is disabled', await measured(set(false), cut));
    note('a proxy is enabled', await measured(set(true), async () => !(await cut())));
  }
  return Object.entries(effects).map(([name, samples]) => summary(name, samples));
}

async function measured(change, shows) {
  const sentAt = performance.now();
  await change();
  const answered = performance.now() - sentAt;
  const shown = await shows();
  return { answered, shown, effect: performance.now() - sentAt };
}

function summary(name, samples) {
  const effects = samples.map(({ effect }) => effect).sort((a, b) => a - b);
  return {
    name,
    count: samples.length,
    missed: samples.filter(({ shown }) => !shown).length,
    answered: median(samples.map(({ answered }) => answered)),
    effect: median(effects),
    p99: effects[Math.floor(effects.length * 0.99)],
    most: effects.at(-1),
  };
}

/** What a connection of its own gets of what it sends, until all has come back or it is cut. */
function comesBack(port, text) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('latin1');
  let got = '';
  socket.on('error', () => {});
  socket.on('connect', () => socket.write(text));
  socket.on('data', (more) => {
    got += more;
    if (got.length >= text.length) socket.destroy();
  });
  return new Promise((resolve) => socket.once('close', () => resolve(got)));
}

const RULE = { on: 'stats', match: 'GET /probe', inject: { status: 503, body: '' } };
/** Cuts after two bytes: it shows at once. */
const TOXIC = { name: 'cut', type: 'limit_data', stream: 'downstream', attributes: { bytes: 2 } };

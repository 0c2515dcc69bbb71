import { once } from 'node:events';
import { Agent, get, request } from 'node:http';

/** Calls to the control API at `url`, by connections that are kept. */
export function controlAt(url) {
  const agent = new Agent({ keepAlive: true });
  return {
    url,
    async ask(line, body) {
      const [method, path] = line.split(' ');
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request(url + path, { agent, method, headers });
      sent.setNoDelay(true);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = await once(sent, 'response');
      const text = Buffer.concat(await response.toArray()).toString();
      if (response.statusCode >= 400) throw new Error(`${line}: ${response.statusCode} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    end: () => agent.destroy(),
  };
}

/** Changes rules of the busy upstream that mean none of its traffic, and toxics of another, so many times a second. */
export function startChanges(control, perSecond) {
  const began = performance.now();
  const times = [];
  const failed = [];
  let [made, stopped] = [0, false];
  const change = changes(control);
  const ended = (async () => {
    // A round that has begun is made to its end: what it has added is gone then.
    while (!stopped || made % ROUND !== 0) {
      const due = began + (made * 1000) / perSecond - performance.now();
      if (due > 1) await new Promise((resolve) => setTimeout(resolve, due));
      const sentAt = performance.now();
      await change(made++).catch((error) => failed.push(String(error)));
      times.push(performance.now() - sentAt);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await ended;
      const seconds = (performance.now() - began) / 1000;
      return { made, failed, perSecond: made / seconds, slowestMs: Math.max(...times) };
    },
  };
}

/** Goes round: a rule comes, is replaced, goes; a toxic comes, is changed, goes. */
function changes(control) {
  const rule = (i) => ({
    on: 'stats',
    match: `GET /never/${i}`,
    inject: { status: 500 + (i % 9) },
  });
  let id = '';
  const steps = [
    async (i) => {
      const { rules } = await control.ask('POST /v1/rules', { rules: [rule(i)] });
      ({ id } = rules[0]);
    },
    (i) => control.ask(`PUT /v1/rules/${id}`, rule(i)),
    () => control.ask(`DELETE /v1/rules/${id}`),
    () => control.ask('POST /proxies/other/toxics', TOXIC),
    () => control.ask('POST /proxies/other/toxics/slow', { attributes: { latency: 9 } }),
    () => control.ask('DELETE /proxies/other/toxics/slow'),
  ];
  return (i) => steps[i % steps.length](i);
}

/** Reads all events, as `journal --follow` does, and counts their bytes. */
export async function followEvents(control) {
  let bytes = 0;
  const sent = get(`${control.url}/v1/events`, { agent: false });
  const [response] = await once(sent, 'response');
  if (response.statusCode !== 200) throw new Error(`GET /v1/events: ${response.statusCode}`);
  response.on('error', () => {});
  response.on('data', (chunk) => (bytes += chunk.length));
  return {
    stop() {
      sent.destroy();
      return bytes;
    },
  };
}

/** How many changes undo each other. */
const ROUND = 6;
const TOXIC = { name: 'slow', type: 'latency', attributes: { latency: 5 } };

import mountebank from 'mountebank';
import { ready, upstream } from './ready.js';
import { freePort } from '../upstream.js';

const port = await freePort();
const imposter = await freePort();
const log = { level: 'error', transports: { console: { colorize: false, format: '%message' } } };
await mountebank.create({ port, host: '127.0.0.1', localOnly: true, log });

/** `proxyTransparent` asks the upstream each time and records nothing: of its modes the one that does the least. */
const proxy = { to: `http://127.0.0.1:${upstream}`, mode: 'proxyTransparent' };
const stubs = [{ responses: [{ proxy }] }];
const created = await fetch(`http://127.0.0.1:${port}/imposters`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ port: imposter, protocol: 'http', recordRequests: false, stubs }),
});
if (created.status !== 201) throw new Error(await created.text());
ready(imposter);

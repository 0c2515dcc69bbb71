import { getLocal } from 'mockttp';
import { ready, upstream } from './ready.js';

/** Nothing is recorded or suggested: of what it may be asked the least. */
const server = getLocal({ recordTraffic: false, suggestChanges: false, http2: false });
await server.start();
await server.forAnyRequest().thenForwardTo(`http://127.0.0.1:${upstream}`);
ready(server.port);

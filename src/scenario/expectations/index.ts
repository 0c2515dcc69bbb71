export { body } from './body.ts';
export { degraded } from './degraded.ts';
export { headers } from './headers.ts';
export { log } from './log.ts';
export { script } from './script.ts';
export { status } from './status.ts';
export { upstream } from './upstream.ts';
export { within } from './within.ts';

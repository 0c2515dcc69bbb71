import { ready, upstream, variant } from './ready.js';

/** The portal, or its unprotected twin, before the stats service at a port. */
const { startPortal } = await import('../../../dist/src/portal/start.js');
const portal = await startPortal({
  env: { STATS_TRACKER_URL: `http://127.0.0.1:${upstream}` },
  unprotected: variant === 'twin',
});
ready(portal.port);

import { z } from 'zod';
import { FILE, NAME } from './common.ts';
import { listeningUpstream } from './upstream.ts';

/** A file for `brownout proxy --config`. Its rules and proxies are checked when all its upstreams are known. */
export const proxyFile = z.strictObject({
  ...FILE,
  upstreams: z.record(NAME, listeningUpstream).default({}).describe('what to stand in front of'),
  rules: z.array(z.unknown()).default([]).describe('faults that stand from the start'),
  proxies: z
    .array(z.unknown())
    .default([])
    .describe('proxies as Toxiproxy writes them, with their toxics'),
});

/** What `proxyFile` gives. */
export type ProxyFile = z.infer<typeof proxyFile>;

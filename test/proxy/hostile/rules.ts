import { FAULTS } from '../../../src/proxy/catalogue.ts';

/** A rule that acts while a connection is under attack. */
export interface Standing {
  readonly name: string;
  /** It outlasts a client that has sent its FIN, which may yet read: it is lifted before all must have ended. */
  readonly outlasts: boolean;
  readonly rule: { readonly on: string; readonly inject: unknown; readonly match?: unknown };
}

const PHASES = ['request', 'headers', 'body'];

/** Those whose faults there are, at each of their phases, on the upstream or on a call. */
export const RULES: readonly Standing[] = [
  ...onExchanges('status', { code: 503, body: '[]' }),
  ...onExchanges('empty', {}),
  ...onExchanges('truncate', {}),
  ...onExchanges('malformed-json', {}),
  ...onExchanges('mutate', { kind: 'drop' }),
  ...onExchanges('garbage', { bytes: '300B' }, PHASES),
  ...onExchanges('hang', {}, PHASES),
  ...onExchanges('hang', { for: '5ms' }, PHASES),
  ...onExchanges('latency', { delay: '1h' }, PHASES),
  ...onExchanges('latency', { delay: '3ms' }, PHASES),
  ...onExchanges('reset', {}, PHASES),
  ...onExchanges('close', {}, PHASES),
  ...onExchanges('bandwidth', { rate: '1B/s' }),
  ...onExchanges('bandwidth', { rate: '200KB/s' }),
  ...onExchanges('slicer', { size: '7B', delay: '0ms' }),
  ...onExchanges('slicer', { size: '1B', delay: '1h' }),
  ...onExchanges('dribble', { over: '1h' }),
  ...onExchanges('dribble', { over: '10ms' }),
  ...onExchanges('corrupt', { rate: 0.5 }),
  ...onExchanges('wrong-length', {}),
  ...onExchanges('bad-chunk', {}),
  ...onExchanges('bad-gzip', {}),
  ...onExchanges('content-type', {}),
  ...onExchanges('headers', { set: { 'x-a': 'b' }, remove: ['content-type'], bloat: '20KB' }),
  ...onExchanges('redirect', {}),
  ...onExchanges('rate-limit', { limit: 1 }),
  ...onExchanges('duplicate', { what: 'request' }),
  ...onExchanges('duplicate', { what: 'response' }),
  ...onExchanges('huge', { size: '200KB' }),
  ...onExchanges('huge', { size: '200KB', what: 'headers' }),
  ...onExchanges('stale', {}),
  ...onConnections('hang', { at: 'accept' }),
  ...onConnections('hang', { at: 'accept', for: '5ms' }),
  ...onConnections('latency', { delay: '3ms', at: 'accept' }),
  ...onConnections('latency', { delay: '1h', at: 'accept' }, { outlasts: true }),
  ...onConnections('reset', { at: 'accept' }),
  ...onConnections('close', { at: 'accept' }),
  ...onConnections('garbage', { at: 'accept' }),
  ...onConnections('refuse', {}, { outlasts: true }),
  ...onConnections('limit-data', { bytes: '100B' }),
  ...onConnections('limit-data', { bytes: '40B', stream: 'up' }),
  ...onConnections('limit-time', { after: '3ms' }),
  ...onConnections('slow-close', { delay: '3ms' }),
  ...onConnections('slow-close', { delay: '1h' }, { outlasts: true }),
];

/** On every request of the upstream, and on those of one path. */
function onExchanges(fault: string, values: object, phases: readonly string[] = ['']): Standing[] {
  if (!FAULTS.has(fault)) return [];
  return phases.flatMap((at) => {
    const inject = { fault, ...values, ...(at && { at }) };
    return [
      {
        name: JSON.stringify(inject),
        outlasts: false,
        rule: { on: 'stats', match: '* /*any', inject },
      },
      {
        name: `${JSON.stringify(inject)} on a call`,
        outlasts: false,
        rule: { on: 'leaderboard', inject },
      },
    ];
  });
}

function onConnections(
  fault: string,
  values: object,
  { outlasts = false }: { outlasts?: boolean } = {},
): Standing[] {
  if (!FAULTS.has(fault)) return [];
  const inject = { fault, ...values };
  const name = `${JSON.stringify(inject)} on connections`;
  return [{ name, outlasts, rule: { on: 'stats', inject } }];
}

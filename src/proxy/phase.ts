/** The phases of an exchange, in the order in which faults act. */
export const PHASES = ['accept', 'handshake', 'request', 'headers', 'body', 'end'] as const;

/**
 * `accept`: the connection is accepted, nothing is read. `handshake`: TLS. `request`: the request is there, the upstream
 * has not been called. `headers`: before the head of the response goes out. `body`: its body. `end`: after it.
 */
export type Phase = (typeof PHASES)[number];

/** Phases in which no request, and so no path, is known yet: a rule that acts there takes an upstream, never a call. */
export const CONNECTION_PHASES: readonly Phase[] = ['accept', 'handshake'];

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BrownoutError, messageOf } from '../common/errors.ts';
import { listen, type Listening } from '../common/server.ts';
import { randomHex } from '../common/random-hex.ts';
import { parseTraceparent, traceparentOf, withMembers } from '../common/trace-context.ts';
import { createForwarder, refuse, type Forwarder } from './forwarder.ts';

export interface FrontDoorOptions {
  /** The service, as `http://host:port`; a path is put before that of each request. */
  readonly target: string;
  /** Requests belong to this run: rules of the run act on what the service calls for them. */
  readonly run?: string;
  /** The faults of every request, as an address: `leaderboard=status:503`. The proxy must allow plans. */
  readonly plan?: string;
  /**
   * Gives the headers of a request that is made as the identity that its header `x-brownout-as` names; where it rejects, the
   * answer is a 502. Without it, that header passes as any other.
   */
  readonly identify?: (as: string) => Promise<Readonly<Record<string, string>>>;
  readonly host?: string;
  /** A fixed port; a random one otherwise. */
  readonly port?: number;
}

/** A port before a service, for browsers and other clients that cannot add headers themselves. */
export type FrontDoor = Listening;

/**
 * Starts a front door: what is sent to it reaches the service with a `traceparent` (the client's own where it is valid)
 * and, in its `baggage`, `brownout.run` and `brownout.plan`. WebSockets pass. Where the service does not answer, the
 * answer is a 502 with the header `x-brownout: front-door`.
 *
 * Whole messages pass, not bytes. What the service or the client will notice of it:
 * - every request has a connection of its own to the service (`Connection: close`): none that idles can go stale;
 * - to the service, names of headers are in lower case and repeated ones joined; trailers of requests are dropped.
 *   Responses keep theirs, but Connection and the framing are the front door's own;
 * - the front door says `100 Continue` itself, and other 1xx of the service are dropped;
 * - upgrades to anything but WebSocket are not passed on: the request goes as a plain one. CONNECT is refused.
 * - Host is the client's, save for an https service: there it is the service's own, which its certificate is for.
 * @throws {BrownoutError} `port_taken`, `invalid_target`, or `invalid_plan` for one over 1 KB
 */
export async function startFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const members = membersOf(options);
  const forwarder = createForwarder(targetOf(options.target));
  const { identify } = options;
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    introduce(request, members);
    const as = request.headers[AS];
    if (identify === undefined || typeof as !== 'string') return forwarder.web(request, response);
    delete request.headers[AS];
    identify(as).then(
      (headers) => {
        Object.assign(request.headers, headers);
        forwarder.web(request, response);
      },
      (error: unknown) => refuse(response, `brownout's front door: ${messageOf(error)}\n`),
    );
  };
  // How long an upload takes is between client and service.
  const server = createServer({ requestTimeout: 0 }, onRequest);
  // Without a listener for upgrades Node takes a request that offers one for the plain request that it is, too.
  const plain = createServer({ requestTimeout: 0 }, onRequest);
  for (const each of [server, plain]) each.maxHeadersCount = 0;
  server.on('upgrade', (request, socket, head) => {
    if (isWebSocket(request)) {
      introduce(request, members);
      passWebSocket(forwarder, request, socket, head);
    } else {
      socket.unshift(Buffer.concat([headOf(request), head]));
      plain.emit('connection', socket);
    }
  });
  return listen(server, options.port, options.host);
}

/** Says whose request it is. */
function introduce({ headers }: IncomingMessage, members: Readonly<Record<string, string>>): void {
  if (!parseTraceparent(headers['traceparent'] as string | undefined)) {
    // Sampled, or services that follow their callers would not record any trace from here on.
    headers['traceparent'] = traceparentOf({ traceId: randomHex(16), sampled: true }, randomHex);
    // It belongs to the trace that was not valid.
    delete headers['tracestate'];
  }
  if (Object.keys(members).length === 0) return;
  headers['baggage'] = withMembers(headers['baggage'] as string | undefined, members);
}

function passWebSocket(
  forwarder: Forwarder,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // Node has taken its own listener away. What becomes of the connection is told by 'close'.
  socket.on('error', () => {});
  forwarder.ws(request, socket as Socket, head);
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** The head of a request as it came, to be read once more. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return Buffer.from([...lines, '', ''].join('\r\n'), 'latin1');
}

function membersOf({ run, plan }: FrontDoorOptions): Record<string, string> {
  if (plan !== undefined && encodeURIComponent(plan).length > MOST_OF_A_PLAN) {
    throw new BrownoutError('invalid_plan', `a plan may have ${MOST_OF_A_PLAN} bytes: use rules`);
  }
  return {
    ...(run === undefined ? {} : { 'brownout.run': run }),
    ...(plan === undefined ? {} : { 'brownout.plan': plan }),
  };
}

function targetOf(written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const message = `the front door needs the service as http://host:port, not "${written}"`;
  throw new BrownoutError('invalid_target', message);
}

const AS = 'x-brownout-as';
/** What the proxy accepts of a plan. */
const MOST_OF_A_PLAN = 1024;

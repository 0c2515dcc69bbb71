import http from 'node:http';
import { listen } from '../../src/common/server.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import type { Result } from '../../src/scenario/result.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { openSystem } from '../../src/system/open.ts';
import type { Instance, System } from '../../src/system/system.ts';
import { BASICS } from './run-files.ts';

/** The game page of the portal, as its contract knows it. */
export interface GamePage {
  readonly leaderboard: GamePart;
  readonly player_stats: GamePart;
  readonly degraded: boolean;
  readonly [more: string]: unknown;
}

interface GamePart {
  readonly data: unknown;
  readonly error: boolean;
}

export interface Visit {
  readonly page: GamePage;
  /** Where this portal reaches its upstream: `127.0.0.1:40123`. */
  readonly upstream: string;
  /** What this portal has kept from one request to the next. */
  readonly memory: Map<string, unknown>;
}

/** What a portal that has gone wrong shows in its page's place: with another status, or later. */
export interface Twisted {
  readonly page?: unknown;
  readonly status?: number;
}

export type Twist = (visit: Visit) => Twisted | Promise<Twisted>;

/** Runs shipped scenarios of the portal on one that goes wrong in this way; those whose id holds one of `ids`. */
export async function runMutant(
  file: string,
  ids: readonly string[],
  twist: Twist,
): Promise<Result> {
  const suite = loadSuite([`scenarios/portal/${file}`]);
  const cells = suite.cells
    .filter(({ id }) => ids.some((one) => id.includes(one)))
    .map((cell) => ({ ...cell, recoveryWithin: RECOVERY_MS }));
  return runSuite({
    ...BASICS,
    suite: { ...suite, cells },
    openSystem: async (spec) => mutated(await openSystem(spec, 'seed'), twist),
  });
}

/** The same system; what its service answers goes through `twist`. */
function mutated(system: System, twist: Twist): System {
  return {
    ...system,
    async start(run, signal) {
      const portal = await system.start(run, signal);
      const front = await listen(http.createServer(twistedBy(twist, portal)));
      return {
        ...portal,
        url: front.url,
        async [Symbol.asyncDispose]() {
          await front[Symbol.asyncDispose]();
          await portal[Symbol.asyncDispose]();
        },
      };
    },
  };
}

function twistedBy(twist: Twist, { url, values }: Instance): http.RequestListener {
  const memory = new Map<string, unknown>();
  const upstream = values['upstream.stats.address'] ?? '';
  return (request, response) => void answer(request, response);

  async function answer(request: http.IncomingMessage, response: http.ServerResponse) {
    const { method = 'GET', url: path = '', headers } = request;
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const asked = await fetch(url + path, {
      method,
      headers: headers as Record<string, string>,
      ...(body.length > 0 ? { body } : {}),
    });
    const page: unknown = await asked.json();
    const isGame = path.startsWith('/games/v2/games/');
    const twisted = isGame ? await twist({ page: page as GamePage, upstream, memory }) : {};
    const { page: shown = page, status = asked.status } = twisted;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(shown));
  }
}

/** What does not recover at all is waited for no longer than tells that. */
const RECOVERY_MS = 200;

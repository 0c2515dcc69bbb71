import { expect } from 'chai';
import { usePortal, type PortalSystem } from '../use-portal.ts';
import { ADA, type Answer } from '../stub-stats.ts';
import type { Answered } from '../portal-under-test.ts';

export const GATEWAY_BOARD = '/gateway/stats/leaderboards/top_ten/exrps';
export const GATEWAY_STATS = `/gateway/stats/stats/exrps/${ADA}`;

export interface GatewaySystem {
  readonly system: PortalSystem;
  /** The board through the gateway, as ada, while the service answers so. */
  readonly ask: (answer: Answer, headers?: Record<string, string>) => Promise<Answered>;
  /** Asks until the breaker is open. */
  readonly openBreaker: () => Promise<void>;
}

export function useGateway(env: Record<string, string> = {}): GatewaySystem {
  const system = usePortal(env);
  const ask = (answer: Answer, headers = {}) => {
    system.stub.board = answer;
    return system.portal.getAsAda(GATEWAY_BOARD, headers);
  };
  return {
    system,
    ask,
    async openBreaker() {
      for (let i = 0; i < 10; i++) await ask(({ socket }) => socket.resetAndDestroy());
    },
  };
}

/** Of an error, but for its id. */
export function expectError(answer: Answered, status: number, detail: string): void {
  expect(answer.body).to.include({ status, detail });
  expect(answer.status).to.equal(status);
  expect(answer.headers['content-type']).to.include('application/problem+json');
  expect(answer.headers['cache-control']).to.equal('no-store');
}

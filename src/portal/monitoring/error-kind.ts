import type { AnswerReport } from '../observer.ts';
import type { FailureReason } from '../upstream/failure.ts';

/** What errors are counted by. There is one object for each kind, so that it can be a key. */
export type ErrorKind = AnswerErrorKind | CallErrorKind;

export interface AnswerErrorKind {
  readonly of: 'answer';
  /** `GET /games/v1/games/:pk`, or `unmatched` where no route was met. */
  readonly endpoint: string;
  readonly status: number;
  readonly code: string;
}

export interface CallErrorKind {
  readonly of: 'call';
  /** `stats` */
  readonly service: string;
  /** `leaderboard` */
  readonly call: string;
  readonly reason: FailureReason;
}

export interface ErrorKinds {
  ofAnswer(answer: AnswerReport): AnswerErrorKind;
  ofCall(service: string, call: string, reason: FailureReason): CallErrorKind;
}

/** So many kinds and no more, whatever comes: what is new beyond that is counted together. */
export function createErrorKinds(most = MOST): ErrorKinds {
  const known = new Map<string, ErrorKind>();
  const intern = <K extends ErrorKind>(key: string, make: () => K, other: () => K): K => {
    const found = known.get(key) as K | undefined;
    if (found) return found;
    if (known.size >= most) return other();
    const kind = make();
    known.set(key, kind);
    return kind;
  };
  return {
    ofAnswer(answer) {
      const endpoint = endpointOf(answer);
      const { status, code = '' } = answer;
      return intern(
        `${endpoint} ${status} ${code}`,
        () => ({ of: 'answer', endpoint, status, code }),
        () => (status < 500 ? OTHER_CLIENT_ERROR : OTHER_SERVER_ERROR),
      );
    },
    ofCall(service, call, reason) {
      return intern(
        `${service} ${call} ${reason}`,
        () => ({ of: 'call', service, call, reason }),
        () => OTHER_CALL_ERROR,
      );
    },
  };
}

/** What an answer is counted under: never an id, and nothing that a client can make up. */
export function endpointOf({ method, route }: AnswerReport): string {
  return route === undefined ? UNMATCHED : `${method} ${route}`;
}

/** `GET /games/v1/games/:pk 404 not_found`, `stats leaderboard timeout` */
export function nameOf(kind: ErrorKind): string {
  return kind.of === 'answer'
    ? `${kind.endpoint} ${kind.status} ${kind.code}`.trimEnd()
    : `${kind.service} ${kind.call} ${kind.reason}`;
}

export const UNMATCHED = 'unmatched';
const MOST = 256;
const OTHER_CLIENT_ERROR: AnswerErrorKind = {
  of: 'answer',
  endpoint: 'other',
  status: 400,
  code: '',
};
const OTHER_SERVER_ERROR: AnswerErrorKind = {
  of: 'answer',
  endpoint: 'other',
  status: 500,
  code: '',
};
const OTHER_CALL_ERROR: CallErrorKind = {
  of: 'call',
  service: 'other',
  call: 'other',
  reason: 'bad_status',
};

import { randomBytes } from 'node:crypto';

/** Names a trace, a span or a run as no other is named. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

import { expect } from 'chai';
import type { Side } from './conversation.ts';

/** Fails with the place where they differ: a difference of megabytes says nothing. */
export function expectSame(got: Buffer, sent: Buffer, by: Side): void {
  if (got.equals(sent)) return;
  let at = 0;
  while (at < sent.length && got[at] === sent[at]) at++;
  const around = (bytes: Buffer) =>
    bytes.subarray(Math.max(0, at - 40), at + 40).toString('latin1');
  const what = `what the ${by} sent differs at byte ${at} of ${sent.length}, ${got.length} came`;
  expect(around(got), what).to.equal(around(sent));
  expect(got.length, what).to.equal(sent.length);
}

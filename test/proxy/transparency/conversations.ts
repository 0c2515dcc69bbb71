import { BODILESS } from './bodiless.ts';
import { CONNECTIONS } from './connections.ts';
import type { Conversation } from './conversation.ts';
import { FRAMINGS } from './framings.ts';
import { HEADS } from './heads.ts';
import { LENIENT } from './lenient.ts';
import { PIPELINING } from './pipelining.ts';
import { TUNNELS } from './tunnels.ts';
import { UNFRAMED } from './unframed.ts';

/** Those in which each request is answered before the next, and no side leaves before: rules act on one after another. */
export const WHOLE: readonly Conversation[] = [...FRAMINGS, ...HEADS, ...BODILESS];

/** All that must pass without a byte changed. */
export const CONVERSATIONS: readonly Conversation[] = [
  ...WHOLE,
  ...CONNECTIONS,
  ...PIPELINING,
  ...TUNNELS,
  ...UNFRAMED,
  ...LENIENT,
];

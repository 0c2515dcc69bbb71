export { after } from './after.ts';
export { every } from './every.ts';
export { first } from './first.ts';
export { flap } from './flap.ts';
export { forTrigger } from './for.ts';
export { maxActive } from './max-active.ts';
export { nth } from './nth.ts';
export { probability } from './probability.ts';

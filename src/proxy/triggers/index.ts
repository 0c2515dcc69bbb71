export { every } from './every.ts';
export { first } from './first.ts';
export { nth } from './nth.ts';

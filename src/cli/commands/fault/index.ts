export { add } from './add.ts';
export { clear } from './clear.ts';
export { list } from './list.ts';
export { remove } from './remove.ts';

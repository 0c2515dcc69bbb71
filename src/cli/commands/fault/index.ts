export { add } from './add.ts';
export { arm } from './arm.ts';
export { clear } from './clear.ts';
export { list } from './list.ts';
export { remove } from './remove.ts';

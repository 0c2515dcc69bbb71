export { github } from './github.ts';
export { json } from './json.ts';
export { junit } from './junit.ts';
export { list } from './list.ts';

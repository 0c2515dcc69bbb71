// In the order of the help.
export { run } from './run.ts';
export { validate } from './validate.ts';
export { proxy } from './proxy.ts';
export { faults } from './faults.ts';
export { schema } from './schema.ts';
export { mock } from './mock.ts';
export { portal } from './portal.ts';

export { doctor } from './doctor.ts';
export { faults } from './faults.ts';
export { mock } from './mock.ts';
export { portal } from './portal.ts';
export { proxy } from './proxy.ts';
export { run } from './run.ts';
export { schema } from './schema.ts';
export { validate } from './validate.ts';

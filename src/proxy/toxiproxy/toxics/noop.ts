import { defineToxic } from '../toxic.ts';

export const noop = defineToxic({
  type: 'noop',
  summary: 'nothing is done',
  attributes: {},
  faults: () => [],
});

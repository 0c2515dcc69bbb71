import { holdStep } from '../hold-step.ts';

export const start = holdStep({
  name: 'start',
  about: 'the upstream whose port is opened again',
  act: (stage, upstream) => stage.release(upstream, 'refuse'),
});

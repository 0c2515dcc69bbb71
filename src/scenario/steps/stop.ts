import { holdStep } from '../hold-step.ts';

export const stop = holdStep({
  name: 'stop',
  about: 'the upstream whose port is closed',
  injects: true,
  act: (stage, upstream) => stage.hold(upstream, 'refuse'),
});

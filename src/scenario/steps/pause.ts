import { holdStep } from '../hold-step.ts';

export const pause = holdStep({
  name: 'pause',
  about: 'the upstream that falls silent',
  injects: true,
  act: (stage, upstream) => stage.hold(upstream, 'hang'),
});

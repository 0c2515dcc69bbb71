import { holdStep } from '../hold-step.ts';

export const resume = holdStep({
  name: 'resume',
  about: 'the upstream that speaks again',
  act: (stage, upstream) => stage.release(upstream, 'hang'),
});

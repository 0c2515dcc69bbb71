import { requestStep } from '../request-step.ts';

export const post = requestStep('POST');

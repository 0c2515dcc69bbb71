import { requestStep } from '../request-step.ts';

export const head = requestStep('HEAD');

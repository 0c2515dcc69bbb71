import { requestStep } from '../request-step.ts';

export const get = requestStep('GET');

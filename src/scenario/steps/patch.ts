import { requestStep } from '../request-step.ts';

export const patch = requestStep('PATCH');

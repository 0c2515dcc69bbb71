import { requestStep } from '../request-step.ts';

export const remove = requestStep('DELETE');

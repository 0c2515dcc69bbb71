import { requestStep } from '../request-step.ts';

export const put = requestStep('PUT');

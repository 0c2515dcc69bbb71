import { cutFault } from '../cut-fault.ts';

export const close = cutFault('close', 'a FIN where an answer was due (socket hang up)');

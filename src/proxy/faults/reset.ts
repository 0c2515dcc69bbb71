import { cutFault } from '../cut-fault.ts';

export const reset = cutFault('reset', 'a genuine RST (ECONNRESET), on new and live connections');

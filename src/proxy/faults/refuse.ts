import { defineFault } from '../fault.ts';

export const refuse = defineFault({
  name: 'refuse',
  summary: 'ECONNREFUSED: the port is really closed, what was open is reset',
  parameters: {},
  phase: 'accept',
  async onListener(listener) {
    await listener.close();
    return () => listener.reopen();
  },
});

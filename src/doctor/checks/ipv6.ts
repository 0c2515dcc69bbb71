import { messageOf } from '../../common/errors.ts';
import { showMs, type MachineCheck } from '../check.ts';
import { openAnswered } from '../machine.ts';

export const ipv6: MachineCheck = {
  name: 'ipv6',
  needs: 'machine',
  proves: 'the loopback of IPv6 is there, for who listens on ::1',
  advice: 'Write 127.0.0.1 where a service is to be reached: localhost may mean ::1.',
  async run({ open, signal }) {
    try {
      await using stand = await open({ host: '::1' });
      using socket = await openAnswered(stand.address, signal);
      return { verdict: 'holds', seen: `::1 answered after ${showMs(socket.ageMs)}` };
    } catch (error) {
      signal.throwIfAborted();
      const seen = `no ::1 here (${messageOf(error)})`;
      return { verdict: 'not needed', seen, advice: ipv6.advice };
    }
  },
};

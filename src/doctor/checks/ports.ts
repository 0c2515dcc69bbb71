import { DRAWN_PORTS } from '../../proxy/bind.ts';
import type { MachineCheck } from '../check.ts';

export const ports: MachineCheck = {
  name: 'ports',
  needs: 'machine',
  proves: 'the system hands none of the ports that can be refused to another program',
  advice:
    'While a port is refused another program may get it, and it cannot come back. Move the range of the system: sysctl -w net.ipv4.ip_local_port_range="32768 60999"',
  async run({ ephemeralPorts }) {
    const [lowest, highest] = DRAWN_PORTS;
    const range = await ephemeralPorts();
    if (!range) {
      const seen = `ours are ${lowest} to ${highest}; this system does not tell its own (most begin at 49152)`;
      return { verdict: 'not needed', seen };
    }
    const [first, last] = range;
    const apart = first > highest || last < lowest;
    const seen = `ours are ${lowest} to ${highest}, the system’s own ${first} to ${last}`;
    return { verdict: apart ? 'holds' : 'unknown', seen };
  },
};

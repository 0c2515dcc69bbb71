import { showMs, type MachineCheck } from '../check.ts';
import { ANSWER, openAnswered, PATIENCE_MS, REQUEST } from '../machine.ts';

export const hang: MachineCheck = {
  name: 'hang',
  needs: 'machine',
  proves: 'a hang is a silence on a connection that stays open, and goes on when it is lifted',
  advice:
    'Something between client and port answers or cuts by itself: a VPN, a proxy of the system or an antivirus does that. Let 127.0.0.1 pass untouched.',
  async run({ open, signal, clock }) {
    await using stand = await open();
    using socket = await openAnswered(stand.address, signal);
    await stand.break('hang');
    socket.send(REQUEST);
    const begun = clock.now();
    const { bytes } = socket;
    if (await socket.until((one) => one.bytes > bytes || one.ends.length > 0, SILENCE_MS)) {
      const what = socket.ends[0]?.how ?? `${socket.bytes - bytes} bytes`;
      return { verdict: 'fails', seen: `${what} after ${showMs(clock.now() - begun)}` };
    }
    await stand.lift();
    const lifted = clock.now();
    const whole = ANSWER.length * 2;
    await socket.until((one) => one.bytes >= whole || one.ends.length > 0, PATIENCE_MS);
    const silent = `no byte for ${SILENCE_MS} ms`;
    if (socket.bytes < whole) {
      const how = socket.ends[0]?.how ?? `no answer for ${PATIENCE_MS} ms`;
      return { verdict: 'fails', seen: `${silent}, then ${how} after lifting` };
    }
    const seen = `${silent}, then the answer ${showMs(clock.now() - lifted)} after lifting`;
    return { verdict: 'holds', seen };
  },
};

const SILENCE_MS = 300;

import { showMs, type MachineCheck } from '../check.ts';
import { BrownoutError } from '../../common/errors.ts';
import { openAnswered, PATIENCE_MS, REQUEST } from '../machine.ts';
import { openRaw } from '../raw-socket.ts';

export const tls: MachineCheck = {
  name: 'tls',
  needs: 'machine',
  proves: 'a certificate of the run is taken by who trusts its authority, and by nobody else',
  advice:
    'A certificate was not taken that should be: look at the clock of this machine (certificates begin at its present) and at NODE_OPTIONS (--openssl-config, FIPS).',
  async run({ open, signal }) {
    await using stand = await open({ tls: true });
    using trusting = await openAnswered(stand.address, signal).catch((error: unknown) => {
      if (error instanceof BrownoutError) return undefined;
      throw error;
    });
    if (!trusting) {
      using again = openRaw(stand.address, signal);
      await again.until(({ ends }) => ends.length > 0, PATIENCE_MS);
      const how = again.ends[0]?.how ?? `no answer within ${PATIENCE_MS} ms`;
      return { verdict: 'fails', seen: `with its authority trusted: ${how}` };
    }
    const took = `answered in ${showMs(trusting.ageMs)} where its authority is trusted`;
    using stranger = openRaw({ ...stand.address, tls: {} }, signal);
    stranger.send(REQUEST);
    await stranger.until(({ bytes, ends }) => bytes > 0 || ends.length > 0, PATIENCE_MS);
    const how = stranger.ends[0]?.how;
    if (stranger.bytes === 0 && how !== undefined)
      return { verdict: 'holds', seen: `${took}, ${how} elsewhere` };
    return {
      verdict: 'fails',
      seen: `${took}, but answered elsewhere, too`,
      advice:
        'NODE_TLS_REJECT_UNAUTHORIZED=0 makes every program of Node take any certificate, so the fault tls breaks nothing: unset it.',
    };
  },
};

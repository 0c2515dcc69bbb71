import { expect } from 'chai';
import type { Io } from '../../src/cli/io.ts';
import { sendByControl } from '../../src/cli/send/by-control.ts';
import { sendRoute } from '../../src/cli/up/send-route.ts';
import { BrownoutError } from '../../src/common/errors.ts';
import { startControl } from '../../src/proxy/control/start-control.ts';
import { createProxy } from '../../src/proxy/proxy.ts';

describe('what could not be sent', () => {
  it('ends the verb as it would where nothing is up: a login that failed stays one', async () => {
    const { signal } = new AbortController();
    const io = { env: {}, signal } as unknown as Io;
    await using proxy = createProxy({ seed: '1' });
    const prepare = async () => async () => {
      throw new BrownoutError('login_failed', 'ada is not let in');
    };
    const extend = sendRoute({ prepare }, signal);
    await using control = await startControl({ proxy, port: 0, version: '1', seed: '1', extend });
    const sent = sendByControl({ path: '/' }, { control: control.url }, () => {}, io);
    const error: unknown = await sent.catch((failed: unknown) => failed);
    expect(error).to.include({ code: 'login_failed', message: 'ada is not let in' });
  });
});

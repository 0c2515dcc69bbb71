import { request, type RequestOptions } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { startControl, type ControlOptions } from '../../../src/proxy/control/start-control.ts';
import { withRig, type Rig } from '../rig.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}
type Ask = (line: string, body?: unknown, options?: RequestOptions) => Promise<Answer>;

/** Runs a test on the control API of a rig. `ask('GET /v1')`; a body that is no text and no bytes is sent as JSON. */
export function withControl(
  options: Partial<ControlOptions>,
  test: (ask: Ask, rig: Rig, url: string) => Promise<void>,
): Promise<void> {
  return withRig({ run: 'a' }, async (rig) => {
    const control = await startControl({ proxy: rig.proxy, port: 0, ...options });
    const ask: Ask = async (line, body, more) => {
      const [method = '', path = ''] = line.split(' ');
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const headers = { ...type, ...(more?.headers as Record<string, string> | undefined) };
      const sent = request(control.url + path, { agent: false, ...more, method, headers });
      const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
      sent.end(raw ? body : JSON.stringify(body));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
      const status = response.statusCode ?? 0;
      return {
        status,
        body: text === '' ? undefined : JSON.parse(text),
        headers: response.headers,
      };
    };
    try {
      await test(ask, rig, control.url);
    } finally {
      await control[Symbol.asyncDispose]();
    }
  });
}

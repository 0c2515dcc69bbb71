import { GET, send, type Answered, type Rig } from '../rig.ts';

/** @param asIs the plan goes into the baggage without being encoded */
export function ask(
  { url }: Rig,
  path: string,
  plan?: string,
  asIs = false,
  trace?: string,
): Promise<Answered> {
  const headers = {
    ...(plan === undefined
      ? {}
      : { baggage: `brownout.plan=${asIs ? plan : encodeURIComponent(plan)}` }),
    ...(trace === undefined ? {} : { traceparent: trace }),
  };
  return send(url + path, { headers });
}

export function planned(plan: string, ...fields: readonly string[]): string {
  const lines = [`baggage: brownout.plan=${plan}`, ...fields].join('\r\n');
  return GET.replace('\r\n\r\n', `\r\n${lines}\r\n\r\n`);
}

export function traceparent(trace: string): string {
  const id = Buffer.from(trace.padEnd(16, '.')).toString('hex');
  return `00-${id}-b7ad6b7169203331-01`;
}

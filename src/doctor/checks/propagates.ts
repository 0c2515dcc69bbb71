import type { ServiceCheck } from '../check.ts';
import type { ObservedCall } from '../observe.ts';

export const propagates: ServiceCheck = {
  name: 'propagates',
  needs: 'service',
  proves: 'it passes the baggage of a request on to every call that it makes for it',
  advice:
    'Pass traceparent and baggage on: the SDKs of OpenTelemetry do (OTEL_PROPAGATORS=tracecontext,baggage). Or take stateless: true away, and cells get an instance each.',
  after: 'calls',
  async run({ observed, spec }) {
    const calls = (await observed()).flatMap((one) => one.calls);
    const lost = calls.filter(({ inRun, made }) => inRun < made);
    const speechless = Object.entries(spec.upstreams).flatMap(([name, { protocol }]) =>
      protocol === 'tcp' ? [name] : [],
    );
    const seen = [
      `baggage on ${share(calls, ({ inRun }) => inRun)}`,
      `traceparent on ${share(calls, ({ inTrace }) => inTrace)}`,
      ...(lost.length > 0 ? [`no baggage on ${lost.map(({ name }) => name).join(', ')}`] : []),
      ...(speechless.length > 0 ? [`${speechless.join(', ')} cannot carry any (tcp)`] : []),
    ].join('; ');
    if (lost.length === 0) return { verdict: 'holds', seen };
    if (spec.service.stateless) return { verdict: 'fails', seen };
    return {
      verdict: 'not needed',
      seen,
      advice: 'Cells get an instance each.',
    };
  },
};

function share(calls: readonly ObservedCall[], of: (call: ObservedCall) => number): string {
  const sum = (count: (call: ObservedCall) => number) =>
    calls.reduce((total, call) => total + count(call), 0);
  return `${sum(of)} of ${sum(({ made }) => made)} calls`;
}

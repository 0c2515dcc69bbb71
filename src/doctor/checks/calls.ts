import type { ServiceCheck } from '../check.ts';

export const calls: ServiceCheck = {
  name: 'calls',
  needs: 'service',
  proves: 'what it asks of its upstreams comes through the proxy',
  advice:
    'See that service.env in the system file tells it where its upstreams are (${upstream.name.url}) and that it heeds that; or ask for something that needs them.',
  after: 'healthy',
  async run({ observed, env }) {
    const all = await observed();
    const seen = all
      .map(({ probe, calls }) => {
        const made = calls.map((call) => `${call.name} ×${call.made}`);
        return `${probe.name}: ${made.join(', ') || 'no call'}`;
      })
      .join('; ');
    const missing = all.flatMap(({ probe, calls }) => {
      const named = Object.keys(probe.contract?.calls ?? {});
      return named.filter((name) => calls.every((call) => call.name !== name));
    });
    const none = all.every(({ calls }) => calls.length === 0);
    if (!none && missing.length === 0) return { verdict: 'holds', seen };
    const never =
      missing.length > 0 ? `; never ${missing.join(', ')}, which the contract names` : '';
    const proxy = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].find((name) => env[name]);
    if (proxy === undefined) return { verdict: 'unknown', seen: `${seen}${never}` };
    const advice = `${proxy} is set, so its calls may go there: start brownout with NO_PROXY=127.0.0.1.`;
    return { verdict: 'unknown', seen: `${seen}${never}`, advice };
  },
};

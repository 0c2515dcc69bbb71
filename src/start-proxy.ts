import { createProxy, type Proxy, type ProxyOptions, type ProxyUpstream } from './proxy/proxy.ts';

/**
 * Starts a fault proxy before the upstreams. Point your service at the `url` of each of `proxy.upstreams`, break them by
 * `proxy.control.add([{ on: 'stats', inject: 'reset' }])`, and dispose the proxy when done.
 * @throws {BrownoutError} `port_taken`
 */
export async function startProxy(
  upstreams: readonly ProxyUpstream[],
  options: ProxyOptions = {},
): Promise<Proxy> {
  const proxy = createProxy(options);
  try {
    for (const upstream of upstreams) await proxy.open(upstream);
    return proxy;
  } catch (error) {
    await proxy[Symbol.asyncDispose]();
    throw error;
  }
}

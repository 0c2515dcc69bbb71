import type { ProxyState, Seen, State } from './state.ts';

/** Whether a proxy could listen there now, were it not for `own`. */
export function bindable(state: State, listen: string, own?: ProxyState): boolean {
  if (isAnyPort(listen)) return true;
  if (!isAddress(listen) || state.taken.includes(listen)) return false;
  return !state.proxies.some((one) => one !== own && one.enabled && one.listen === listen);
}

/** No address, or port 0: the system chooses. */
export function isAnyPort(listen: string): boolean {
  return listen === '' || listen.endsWith(':0');
}

export function isAddress(listen: string): boolean {
  return isAnyPort(listen) || /:\d+$/.test(listen);
}

/** Toxiproxy looks at the address of a disabled proxy when it is enabled; to refuse it at once is no worse. */
export function isDoubtful({ listen, enabled }: ProxyState, { reply }: Seen): boolean {
  return !enabled && !isAddress(listen) && reply.status >= 400;
}

/** Where it listens: as asked, but for a port that the system has chosen, which only the proxy can tell. */
export function listenOf({ name, listen, enabled }: ProxyState, { proxies }: Seen): string {
  const told = proxies.get(name)?.listen;
  if (!isAnyPort(listen) || told === undefined) return listen;
  const host = listen === '' ? '' : listen.slice(0, -1);
  return told.startsWith(host) && (!enabled || /:[1-9]\d*$/.test(told)) ? told : listen;
}

export function replaceProxy(state: State, changed: ProxyState): State {
  const proxies = state.proxies.map((one) => (one.name === changed.name ? changed : one));
  return { ...state, proxies };
}

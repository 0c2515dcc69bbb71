/** Who is measured. `refuses`: every one of its answers is a status of 500 or more, as it shall be. */
export const CONTENDERS = [
  { name: 'direct' },
  { name: 'net pipe', script: 'pipe' },
  { name: 'http-proxy', script: 'http-proxy' },
  { name: 'http-proxy, plain', script: 'http-proxy', variant: 'plain' },
  { name: 'mountebank', script: 'mountebank' },
  { name: 'mockttp', script: 'mockttp' },
  { name: 'ours, tcp', script: 'brownout', variant: 'tcp' },
  { name: 'ours, no rule', script: 'brownout', variant: 'http' },
  { name: 'ours, 20 rules', script: 'brownout', variant: 'rules-20' },
  { name: 'ours, status', script: 'brownout', variant: 'status', refuses: true },
  { name: 'ours, 10 rules', script: 'brownout', variant: 'runs-1' },
  { name: 'ours, 10,000', script: 'brownout', variant: 'runs-500' },
];

/** What each is compared with, by the name of the contender that it must be so many times as fast as. */
export const BARS = [
  { name: 'ours, tcp', of: 'net pipe', least: 0.9 },
  { name: 'ours, 20 rules', of: 'net pipe', least: 0.55 },
  { name: 'ours, 20 rules', of: 'http-proxy', least: 3.5 },
  { name: 'ours, 20 rules', of: 'http-proxy, plain', least: 3.5 },
  { name: 'ours, 20 rules', of: 'mountebank', least: 6 },
  { name: 'ours, status', of: 'ours, 20 rules', least: 1 },
  { name: 'ours, 10,000', of: 'ours, 10 rules', least: 0.5 },
];

/** The same of ours, of another build. */
export function othersOf(dist) {
  return CONTENDERS.filter(({ script }) => script === 'brownout').map((one) => ({
    ...one,
    name: one.name.replace('ours', 'then'),
    dist,
  }));
}

/** Where another build is measured: how much faster this one is. */
export function otherBars() {
  return othersOf('').map(({ name }) => ({
    name: name.replace('then', 'ours'),
    of: name,
    least: 1,
  }));
}

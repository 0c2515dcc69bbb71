import { showMs, type Finding, type ServiceCheck } from '../check.ts';
import type { Probe } from '../probe.ts';
import type { Reference } from '../reference.ts';

export const healthy: ServiceCheck = {
  name: 'healthy',
  needs: 'service',
  proves: 'while nothing is broken its answers are healthy, in time, and the same each time',
  advice:
    'Mend the service, or what the contract says of it, first: faults are judged by what is seen while all is well.',
  after: 'starts',
  async run({ probes, reference }) {
    if (probes.length === 0) {
      return {
        verdict: 'unknown',
        seen: 'there is nothing to ask of it: no contract stands beside the system file',
        advice: 'Write a contract, or say --request "GET /path".',
      };
    }
    const findings: Finding[] = [];
    for (const probe of probes) findings.push(findingOf(probe, await reference(probe)));
    const worst = findings.find(({ verdict }) => verdict === 'fails');
    const unsure = findings.find(({ verdict }) => verdict === 'unknown');
    return (
      worst ?? unsure ?? { verdict: 'holds', seen: findings.map(({ seen }) => seen).join('; ') }
    );
  },
};

function findingOf({ name }: Probe, reference: Reference): Finding {
  if ('answer' in reference) {
    const { status, durationMs } = reference.answer;
    return { verdict: 'holds', seen: `${name}: ${status} in ${showMs(durationMs)}` };
  }
  if (reference.verdict === 'inconclusive')
    return { verdict: 'unknown', seen: `${name}: ${reference.reason}` };
  const [first] = reference.findings;
  const what =
    first && ` (${first.pointer}: expected ${show(first.expected)}, got ${show(first.got)})`;
  return { verdict: 'fails', seen: `${name}: ${reference.reason}${what ?? ''}` };
}

function show(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : ((JSON.stringify(value) as string | undefined) ?? 'nothing');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

const SHOWN = 200;

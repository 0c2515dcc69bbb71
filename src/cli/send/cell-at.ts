import { BrownoutError } from '../../common/errors.ts';
import { createProblems } from '../../common/problems.ts';
import { parsePlan, parseRule, ruleOf } from '../../proxy/catalogue.ts';
import type { ContractFile } from '../../scenario/load/contracts-beside.ts';
import { namesOf } from '../../scenario/load/named.ts';
import { sendContract } from '../../scenario/steps/send.ts';
import type { SuiteCell } from '../../scenario/suite.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { contractNamed } from './plan.ts';

/**
 * The cell that an address such as `open-game~leaderboard=hang` means.
 * @throws {InvalidError} with everything in it that is not there
 * @throws {BrownoutError} `usage` for what is no address
 */
export function cellAt(
  address: string,
  system: SystemSpec,
  contracts: readonly ContractFile[],
): SuiteCell {
  const [, name, plan] = /^([a-z][a-z0-9-]*)~(.+)$/s.exec(address) ?? [];
  if (name === undefined || plan === undefined) throw notAnAddress(address, contracts);
  const names = namesOf(system);
  const problems = createProblems();
  const found = problems.attempt(() => contractNamed(name, contracts));
  const steps = problems.attempt(() => parsePlan(plan, names, { connections: true }));
  problems.settle();
  const { contract, file = '' } = found ?? {};
  return {
    id: address,
    scenario: `${name} under ${plan}`,
    position: { file, line: 1, column: 1 },
    tags: [],
    system,
    systemFile: undefined,
    contract,
    faults: (steps ?? []).map((step) => {
      const written = ruleOf(step);
      return { written, planned: parseRule(written, names) };
    }),
    steps: [sendContract({ degraded: 'either' })],
    setup: [],
    teardown: [],
    recoveryWithin: RECOVERY_MS,
    positionOf: () => `${file}:1:1`,
  };
}

/** What is wrong with what should be an address. */
export function notAnAddress(address: string, contracts: readonly ContractFile[]): BrownoutError {
  const example = contracts[0]?.contract.contract ?? 'open-game';
  const hint = /^[\w#.-]+=/.test(address)
    ? `, did you mean "${example}~${address}"?`
    : `, or the id of an exchange in the journal, such as 17`;
  const message = `expected a contract~faults such as ${example}~leaderboard=hang${hint}`;
  return new BrownoutError('usage', message);
}

/** As for a scenario that says nothing of it. */
const RECOVERY_MS = 5000;

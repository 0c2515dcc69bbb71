import { BrownoutError, invalid } from '../../common/errors.ts';
import { createProblems } from '../../common/problems.ts';
import { didYouMean } from '../../common/suggest.ts';
import {
  formatPlan,
  parsePlan,
  parseRule,
  ruleOf,
  type PlanStep,
  type UpstreamNames,
} from '../../proxy/catalogue.ts';
import { deadlineOf } from '../../scenario/requests/contract-request.ts';
import type { ContractFile } from '../../scenario/load/contracts-beside.ts';
import { namesOf, unknownIdentity } from '../../scenario/load/named.ts';
import type { OwnRequest } from '../../scenario/step.ts';
import type { SuiteRule } from '../../scenario/suite.ts';
import type { SystemSpec } from '../../system/spec.ts';
import type { Asked } from './told.ts';

/** What is sent, what is broken for it, and what it is judged by: all that was asked for, checked. */
export interface SendPlan {
  readonly request: OwnRequest;
  readonly contract: ContractFile | undefined;
  /** It is the contract's own request. */
  readonly ofContract: boolean;
  readonly rules: readonly SuiteRule[];
  /** The same as a scenario says them: a preset by its name. */
  readonly said: readonly unknown[];
  /** The faults as they were asked for. */
  readonly faults: readonly string[];
  /** The faults in one line, where a line can say them. */
  readonly address: string | null;
  /** Milliseconds after which it is given up. */
  readonly deadline: number;
}

export interface Known {
  readonly spec: SystemSpec;
  readonly contracts: readonly ContractFile[];
}

/**
 * Finds what a request names in a system.
 * @throws {InvalidError} with every name that is not there
 * @throws {BrownoutError} `usage` where nothing says what to send
 */
export function planSend(asked: Asked, { spec, contracts }: Known): SendPlan {
  const problems = createProblems();
  const names = namesOf(spec);
  const steps = (asked.faults ?? []).flatMap(
    (text) => problems.attempt(() => stepsIn(text, spec, names)) ?? [],
  );
  const presets = (asked.presets ?? []).map(
    (name) => problems.attempt(() => presetOf(name, spec)) ?? {},
  );
  const contract = problems.attempt(() => contractOf(asked, contracts));
  const as = asked.as ?? (asked.path === undefined ? contract?.contract.request.as : undefined);
  for (const { message } of unknownIdentity(as, spec, [])) problems.attempt(() => fail(message));
  problems.settle();
  const written = [...steps.map(ruleOf), ...presets];
  const request = requestOf(asked, as, contract);
  return {
    request,
    contract,
    ofContract: contract !== undefined && isOf(contract, request),
    rules: written.map((rule) => ({ written: rule, planned: parseRule(rule, names) })),
    said: [...steps.map(ruleOf), ...(asked.presets ?? [])],
    faults: [...(asked.faults ?? []), ...(asked.presets ?? [])],
    address: presets.length === 0 && steps.length > 0 ? inALine(steps) : null,
    deadline: contract ? deadlineOf(contract.contract) : DEADLINE_MS,
  };
}

/** The contract of this name. @throws {InvalidError} */
export function contractNamed(name: string, contracts: readonly ContractFile[]): ContractFile {
  const names = contracts.map(({ contract }) => contract.contract);
  const found = contracts.find(({ contract }) => contract.contract === name);
  if (found) return found;
  const which =
    names.length > 0 ? didYouMean(name, names) : ' (none stands beside the system file)';
  return fail(`unknown contract "${name}"${which}`);
}

/** Of one that is asked for by its path, the one whose request it is. */
function contractOf(
  { contract: name, method = 'GET', path, as }: Asked,
  contracts: readonly ContractFile[],
): ContractFile | undefined {
  if (name !== undefined) return contractNamed(name, contracts);
  if (path !== undefined) {
    return contracts.find(
      ({ contract: { request } }) =>
        method === 'GET' && request.get === path && (request.as ?? undefined) === as,
    );
  }
  const [only, ...others] = contracts;
  if (only && others.length === 0) return only;
  const message = only
    ? `say which of the contracts: --contract ${contracts.map(({ contract }) => contract.contract).join(', ')}; or a request, such as "GET /health"`
    : 'say what to send, such as "GET /health": no contract stands beside the system file';
  throw new BrownoutError('usage', message);
}

function requestOf(
  { method, path, headers = {}, json }: Asked,
  as: string | undefined,
  contract: ContractFile | undefined,
): OwnRequest {
  const own = contract?.contract.request;
  if (path === undefined && own) {
    const all = { ...own.headers, ...headers };
    return { method: method ?? 'GET', path: own.get, as, headers: all, json };
  }
  const verb = method ?? (json === undefined ? 'GET' : 'POST');
  return { method: verb, path: path ?? '/', as, headers, json };
}

function isOf({ contract }: ContractFile, request: OwnRequest): boolean {
  const { get, as, headers = {} } = contract.request;
  const own = { method: 'GET', path: get, as, headers, json: undefined };
  return JSON.stringify(own) === JSON.stringify(request);
}

function stepsIn(text: string, { presets = {} }: SystemSpec, names: UpstreamNames) {
  if (Object.hasOwn(presets, text)) fail(`"${text}" is a preset: did you mean --preset ${text}?`);
  return parsePlan(text, names, { connections: true });
}

function presetOf(name: string, { presets = {} }: SystemSpec): object {
  const names = Object.keys(presets);
  if (Object.hasOwn(presets, name)) return presets[name] as object;
  const which = names.length > 0 ? didYouMean(name, names) : ' (the system file has no presets)';
  return fail(`unknown preset "${name}"${which}`);
}

function inALine(steps: readonly PlanStep[]): string | null {
  try {
    return formatPlan(steps);
  } catch {
    return null;
  }
}

function fail(message: string): never {
  throw invalid([], message);
}

const DEADLINE_MS = 10_000;

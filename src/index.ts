/** brownout as a library, for test suites of your own. */
export { startProxy } from './start-proxy.ts';
export { startFrontDoor, type FrontDoor, type FrontDoorOptions } from './system/front-door.ts';
export { runScenarios, type RunScenariosOptions } from './run-scenarios.ts';
export { FAULTS, TRIGGERS } from './proxy/catalogue.ts';
export type { FaultName, FaultSpec, RuleSpec } from './proxy/catalogue.ts';
export type { ArmedRule, ArmOptions, ControlEvent, FaultControl } from './proxy/fault-control.ts';
export type { JournalEntry, JournalPage, JournalQuery } from './proxy/journal.ts';
export type { OpenUpstream, Proxy, ProxyOptions, ProxyUpstream } from './proxy/proxy.ts';
export type { Plan, RunEvent } from './scenario/events.ts';
export type { RunPolicy } from './scenario/run/run-options.ts';
export type { ScriptSees } from './scenario/judge/script.ts';
export type { CellResult, Failure, Result, Verdict } from './scenario/result.ts';
export { BrownoutError, FileError, InvalidError } from './common/errors.ts';

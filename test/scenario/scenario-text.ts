import { stringify } from 'yaml';
import { CONTRACT, problemsOf, SYSTEM, type FileSet } from './run-files.ts';

export const SYSTEM_TEXT = stringify(SYSTEM);
export const CONTRACT_TEXT = stringify(CONTRACT);
export const HEAD = `scenario: One
id: one
use: [./system.yaml, ./contract.yaml]
`;

/** A scenario that is whole. */
export const WHOLE = `${HEAD}faults: [{ on: stats.board, inject: reset }]
`;

export const files = (scenario: string, more: FileSet = {}): FileSet => ({
  'system.yaml': SYSTEM_TEXT,
  'contract.yaml': CONTRACT_TEXT,
  's.yaml': scenario,
  ...more,
});

/** What is wrong with a scenario that goes on with these lines, from line 4 on. */
export const wrong = (lines: string) => problemsOf(files(HEAD + lines));

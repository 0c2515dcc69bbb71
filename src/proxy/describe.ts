import type { Fault } from './fault.ts';
import { FAULTS } from './fault-spec.ts';
import { TRIGGERS } from './trigger-spec.ts';

/** A fault as plain data: what forms, tables and other programs need of it. What it does with a value stays in its file. */
export function describeFault({ name, summary, main, phase, parameters }: Fault) {
  return {
    name,
    summary,
    main: main ?? null,
    phase,
    parameters: Object.entries(parameters).map(([key, parameter]) => ({
      name: key,
      kind: parameter.kind,
      description: parameter.description,
      range: parameter.range,
      required: parameter.required,
      default: parameter.default ?? null,
      schema: parameter.schema,
    })),
  };
}

/** Every fault and every trigger. */
export function describeCatalogue() {
  return {
    faults: [...FAULTS.values()].map(describeFault),
    triggers: [...TRIGGERS.values()].map(({ name, summary, schema }) => ({
      name,
      summary,
      schema,
    })),
  };
}

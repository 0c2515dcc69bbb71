import { FAULTS, TRIGGERS } from '../catalogue.ts';

/** The catalogue as plain data: every fault with its parameters, and every trigger. */
export function describeCatalogue() {
  return {
    faults: [...FAULTS.values()].map(({ name, summary, main, phase, parameters }) => ({
      name,
      summary,
      ...(main === undefined ? {} : { main }),
      phase,
      // As JSON: what a parameter does with a value stays here.
      parameters: Object.entries(parameters).map(([name, parameter]) => ({ name, ...parameter })),
    })),
    triggers: [...TRIGGERS.values()].map(({ name, summary, schema }) => ({
      name,
      summary,
      schema,
    })),
  };
}

import type { Fault } from './fault.ts';
import { FAULTS } from './fault-spec.ts';
import type { Proxy } from './proxy.ts';
import { actsOnTcp } from './placement.ts';
import type { Trigger } from './trigger.ts';
import { TRIGGERS } from './trigger-spec.ts';

/** A fault as plain data: what forms, tables and other programs need of it. What it does with a value stays in its file. */
export function describeFault(fault: Fault) {
  const { name, summary, main, phase, parameters } = fault;
  return {
    name,
    summary,
    main: main ?? null,
    phase,
    tcp: actsOnTcp(fault),
    example: exampleOf(fault),
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

export function describeTrigger({ name, summary, example, schema }: Trigger) {
  return { name, summary, example: { [name]: example }, schema };
}

/** Every fault and every trigger. */
export function describeCatalogue() {
  return {
    faults: [...FAULTS.values()].map(describeFault),
    triggers: [...TRIGGERS.values()].map(describeTrigger),
  };
}

/** Those that are open, and those that are closed to be opened again. */
export function describeUpstreams({ upstreams, reserved }: Proxy) {
  return [
    ...upstreams.map(({ name, run, url, address, calls, ca, made }) => {
      const { target, protocol = 'http', tls = false } = made;
      return { name, run, url, address, target, protocol, tls, calls, ca };
    }),
    ...reserved.map(({ name, target, protocol = 'http', tls = false, calls = {} }) => {
      return { name, target, protocol, tls, calls, enabled: false };
    }),
  ];
}

/** As `inject` takes it, in the shortest form. */
function exampleOf({ name, main, parameters, example }: Fault): unknown {
  // Of words that must be said, the first is as good as any.
  const words = Object.entries(parameters).flatMap(([key, { required, schema }]) => {
    const [word] = (schema['enum'] ?? []) as readonly unknown[];
    return required && word !== undefined ? [[key, word] as const] : [];
  });
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries(words), ...example };
  if (Object.keys(values).length === 0) return name;
  if (main === undefined || !(main in values)) return { fault: name, ...values };
  const { [main]: value, ...others } = values;
  return { [name]: value, ...others };
}

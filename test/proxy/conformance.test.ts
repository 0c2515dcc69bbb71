import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { InvalidError } from '../../src/common/errors.ts';
import { FAULTS, injectSchema, parseInject } from '../../src/proxy/catalogue.ts';
import type { Fault } from '../../src/proxy/fault.ts';
import type { Parameter } from '../../src/proxy/parameter.ts';
import type { RawAnswer, RawEnd } from '../helpers/raw-client.ts';
import { kindOf, KINDS } from './kinds.ts';
import { GET, withRig, type Rig } from './rig.ts';

const schema = new Ajv2020({ strict: false }).compile(injectSchema());

for (const fault of FAULTS.values()) {
  describe(`the fault ${fault.name}`, () => {
    it('explains itself and each of its parameters', () => {
      expect(fault.name).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(fault.summary).to.match(/^\S.{9,}\S$/);
      if (fault.main !== undefined) expect(fault.parameters).to.have.property(fault.main);
      for (const [name, parameter] of Object.entries(fault.parameters)) {
        expect(name).to.match(/^[a-z]+(-[a-z]+)*$/);
        expect(parameter.description, name).to.match(/^\S.{5,}\S$/);
        expect(parameter.range, name).to.match(/\S/);
        expect(KINDS, name).to.have.property(parameter.kind);
      }
    });

    it('is written as a word, a shorthand and in full, and the schema knows each', () => {
      const { fault: name, ...values } = full(fault);
      const { main } = fault;
      const others = Object.entries(values).filter(([key]) => key !== main);
      const value = main === undefined ? null : exampleOf(fault, main);
      const shorthand = { [name]: value, ...Object.fromEntries(others) };
      const needed = Object.values(fault.parameters).some(({ required }) => required);
      for (const form of [shorthand, full(fault), [full(fault)], ...(needed ? [] : [name])]) {
        expect(parseInject(form)[0]?.fault, JSON.stringify(form)).to.equal(fault);
        expect(schema(form), JSON.stringify(form)).to.equal(true);
      }
    });

    for (const [name, parameter] of Object.entries(fault.parameters)) {
      it(`keeps ${name} within its range`, () => {
        for (const value of kindOf(parameter).inside(parameter)) {
          const form = { ...full(fault), [name]: value };
          expect(() => parseInject(form), JSON.stringify(form)).not.to.throw();
          expect(schema(form), JSON.stringify(form)).to.equal(true);
        }
        for (const value of [...kindOf(parameter).outside(parameter), null]) {
          expect(() => parseInject({ ...full(fault), [name]: value }), JSON.stringify(value))
            .to.throw(InvalidError, new RegExp(`${fault.name} ${name}: .{10,}`))
            .with.nested.property('problems[0].path')
            .that.deep.equals([name]);
        }
      });
    }

    for (const phase of phasesOf(fault)) {
      const onNew = `acts at ${phase} on the first exchange of a connection, and what was done is in the journal`;
      it(onNew, () =>
        withRig({}, async (rig) => {
          const rule = await arm(rig, fault, phase);
          const client = rig.connect();
          client.send(GET);
          await provesItself(rig, fault, { rule, phase, wire: () => client.answer() });
        }),
      );

      const skipsLive = phase === 'accept' && !fault.live && !fault.onListener;
      const onLive = `acts at ${phase} on a connection that was kept alive`;
      if (!skipsLive) {
        it(onLive, () =>
          withRig({}, async (rig) => {
            const client = rig.connect();
            client.send(GET);
            await client.answer();
            await rig.completed(1);
            const rule = await arm(rig, fault, phase);
            client.send(GET);
            await provesItself(rig, fault, { rule, phase, wire: () => client.answer() });
          }),
        );
      }

      it(`leaves everything healthy once it is lifted from ${phase}`, () =>
        withRig({}, async (rig) => {
          const kept = rig.connect();
          kept.send(GET);
          const healthy = (await kept.answer()) as RawAnswer;
          await arm(rig, fault, phase);
          await rig.control.clear();
          const client = rig.connect();
          for (let i = 0; i < 2; i++) {
            client.send(GET);
            expect(((await client.answer()) as RawAnswer).raw).to.equal(healthy.raw);
          }
        }));

      it(`is disposed of at once while it acts at ${phase}`, () =>
        withRig({}, async (rig) => {
          await arm(rig, fault, phase, { delay: '1h' });
          const client = rig.connect();
          client.send(GET);
          if (fault.waits) await rig.entriesWhen((all) => all.some((e) => e.injected.length > 0));
          await rig.proxy[Symbol.asyncDispose]();
          await client.ended;
        }));
    }

    if (fault.waits) {
      for (const phase of phasesOf(fault)) {
        it(`stops waiting at ${phase} as soon as it is lifted, and the exchange goes on`, () =>
          withRig({}, async (rig) => {
            await arm(rig, fault, phase, { delay: '1h' });
            const client = rig.connect();
            client.send(GET);
            await rig.entriesWhen((all) => all.some((entry) => entry.injected.length > 0));
            await rig.control.clear();
            expect(await client.answer()).to.include({ status: 200 });
            const entries = await rig.completed(phase === 'accept' ? 2 : 1);
            expect(entries.map(({ end }) => end)).to.deep.equal(entries.map(() => 'answered'));
          }));
      }
    }
  });
}

interface Proof {
  readonly rule: string;
  readonly phase: string;
  wire(): Promise<RawEnd | RawAnswer>;
}

/** What the wire shows and what the journal says must be one story. */
async function provesItself(rig: Rig, fault: Fault, proof: Proof): Promise<void> {
  const { rule, phase } = proof;
  const fired = await rig.entriesWhen((all) => all.some((e) => e.injected.length > 0));
  const { id } = fired.find((entry) => entry.injected.length > 0) ?? { id: 0 };
  if (fault.waits) await rig.control.clear();
  const seen = await proof.wire();
  if (fault.onListener) await rig.control.clear();
  const entries = await rig.entriesWhen((all) => all.find((e) => e.id === id)?.end !== 'pending');
  const entry = entries.find((e) => e.id === id);
  expect(entry?.matched).to.deep.equal([rule]);
  expect(entry?.injected).to.have.length(1);
  expect(entry?.injected[0]).to.include({ rule, fault: fault.name, phase });
  expect(entry?.injected[0]?.atMs).to.be.at.least(0);
  if (fault.onListener) return void expect(seen).to.be.oneOf(['refused', 'rst']);
  if (typeof seen === 'string') {
    const end = { fin: 'closed', rst: 'reset', refused: undefined }[seen];
    expect(entry?.end).to.equal(end);
    return;
  }
  expect(entry?.end).to.equal('answered');
  if (phase === 'accept') return;
  expect(entry?.status).to.equal(seen.status);
  expect(entry?.bytesOut).to.equal(seen.raw.length);
  expect(seen.head).to.include(`x-brownout-fault: ${fault.name}`);
}

/** Adds the rule of a fault at one phase; gives its id. */
async function arm(
  { control }: Rig,
  fault: Fault,
  phase: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const known = Object.entries(more).filter(([key]) => key in fault.parameters);
  const at = fault.parameters['at']?.kind === 'phase' ? { at: phase } : {};
  const inject = { ...full(fault), ...at, ...Object.fromEntries(known) };
  const on = phase === 'accept' ? 'stats' : 'leaderboard';
  const [rule] = await control.add([{ on, inject }]);
  return rule?.id ?? '';
}

/** The fault in full form with an example of each parameter that it needs, and of the main one where it has no default. */
function full(fault: Fault): { fault: string } & Record<string, unknown> {
  const isMain = (name: string, { kind }: Parameter) => name === fault.main && kind !== 'phase';
  const needed = Object.entries(fault.parameters).filter(
    ([name, p]) => p.required || (p.default === undefined && isMain(name, p)),
  );
  const values = Object.fromEntries(needed.map(([name]) => [name, exampleOf(fault, name)]));
  return { fault: fault.name, ...values };
}

function exampleOf(fault: Fault, name: string): unknown {
  const parameter = fault.parameters[name] as Parameter;
  return kindOf(parameter).inside(parameter)[0];
}

function phasesOf(fault: Fault): readonly string[] {
  const at = fault.parameters['at'];
  return at?.kind === 'phase' ? (at.schema['enum'] as string[]) : [fault.phase];
}

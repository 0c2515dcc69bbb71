import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { InvalidError } from '../../src/common/errors.ts';
import { FAULTS, injectSchema, parseInject } from '../../src/proxy/catalogue.ts';
import { arm, exampleOf, full, phasesOf, slowest } from './armed.ts';
import { kindOf, KINDS } from './kinds.ts';
import { GET, withRig } from './rig.ts';
import { storyOf } from './story.ts';
import type { RawAnswer } from '../helpers/raw-client.ts';

const schema = new Ajv2020({ strict: false }).compile(injectSchema());
const OTHER = GET.replace('leaderboards', 'others');

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
      const value = main === undefined ? null : (values[main] ?? exampleOf(fault, main));
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

    // A handshake is over before there is an exchange: what is seen of it is told by the fault's own test.
    for (const phase of phasesOf(fault).filter((phase) => phase !== 'handshake')) {
      it(`acts at ${phase} on a first exchange, and the journal says what the wire shows`, () =>
        withRig({}, async (rig) => {
          await storyOf(rig, fault, phase, GET);
        }));

      const ofNewOnly = phase === 'accept' && fault.live !== true && !fault.onListener;
      if (!ofNewOnly) {
        it(`acts at ${phase} on a connection that was kept alive, and the journal says so`, () =>
          withRig({}, async (rig) => {
            const client = rig.connect();
            client.send(GET);
            await client.answer();
            await rig.completed(1);
            await storyOf(rig, fault, phase, GET, client);
          }));
      }

      if (phase !== 'accept') {
        it(`acts at ${phase} on a pipelined exchange, and leaves the one before it whole`, () =>
          withRig({}, async (rig) => {
            const healthy = rig.connect();
            healthy.send(OTHER);
            const { raw } = (await healthy.answer()) as RawAnswer;
            await rig.completed(1);
            const client = await storyOf(rig, fault, phase, OTHER + GET + GET);
            const mayBeCut = ['limit-time', 'slow-close'].includes(fault.name);
            if (!mayBeCut) expect(client.text.slice(0, raw.length)).to.equal(raw);
          }));
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
          await arm(rig, fault, phase, slowest(fault));
          const client = rig.connect();
          client.send(GET);
          if (fault.waits) await rig.entriesWhen((all) => all.some((e) => e.injected.length > 0));
          await rig.proxy[Symbol.asyncDispose]();
          await client.ended;
        }));

      if (fault.waits) {
        it(`stops waiting at ${phase} as soon as it is lifted, and the exchange goes on`, () =>
          withRig({}, async (rig) => {
            await arm(rig, fault, phase, slowest(fault));
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

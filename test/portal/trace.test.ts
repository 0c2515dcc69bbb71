import { expect } from 'chai';
import { PAGE } from './portal-under-test.ts';
import { inTurn, json, text } from './stub-stats.ts';
import { usePortal } from './use-portal.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('portal: what a request passes on to the stats service', () => {
  const system = usePortal();

  const sent = (name: string) => system.stub.calls.map(({ headers }) => String(headers[name]));

  it('the trace goes on, with a new span for each attempt', async () => {
    system.stub.board = inTurn(text('', 500), json([]));
    await system.portal.getAsAda(PAGE, { traceparent: `00-${TRACE}-${SPAN}-01` });
    const parents = sent('traceparent');
    expect(parents).to.have.length(3);
    for (const parent of parents) expect(parent).to.match(new RegExp(`^00-${TRACE}-\\w{16}-01$`));
    expect(new Set(parents)).to.have.length(3);
    expect(parents.join()).to.not.include(SPAN);
  });

  for (const traceparent of [
    'junk',
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    undefined,
  ]) {
    it(`a new trace begins where there is none that is valid: ${traceparent}`, async () => {
      await system.portal.getAsAda(PAGE, traceparent === undefined ? {} : { traceparent });
      const ids = sent('traceparent').map((parent) => parent.split('-')[1]);
      expect(ids[0]).to.match(/^[0-9a-f]{32}$/);
      expect(ids[0]).to.not.be.oneOf([TRACE, '0'.repeat(32)]);
      expect(ids[1]).to.equal(ids[0]);
    });
  }

  it('the trace of a later version of the format goes on', async () => {
    await system.portal.getAsAda(PAGE, { traceparent: `01-${TRACE}-${SPAN}-00-more` });
    expect(sent('traceparent')[0]).to.match(new RegExp(`^00-${TRACE}-\\w{16}-00$`));
  });

  it('baggage goes on as it came', async () => {
    await system.portal.getAsAda(PAGE, { baggage: 'brownout.run=7,a=b;c' });
    expect(sent('baggage')).to.deep.equal(['brownout.run=7,a=b;c', 'brownout.run=7,a=b;c']);
  });

  it('baggage goes on up to what everyone passes on, and no further', async () => {
    for (const length of [8192, 8193]) {
      const baggage = `a=${'b'.repeat(length - 2)}`;
      await system.portal.getAsAda(PAGE, { baggage });
      const last = sent('baggage').at(-1);
      expect(last === baggage, `${length} bytes`).to.equal(length === 8192);
    }
  });

  it('baggage that is no text stays behind', async () => {
    await system.portal.getAsAda(PAGE, { baggage: 'a=\xe9,brownout.run=7' });
    expect(sent('baggage')).to.deep.equal(['undefined', 'undefined']);
  });

  it('there is no baggage where none came', async () => {
    await system.portal.getAsAda(PAGE);
    expect(sent('baggage')).to.deep.equal(['undefined', 'undefined']);
  });

  it('the id of the request goes on and comes back (row 114)', async () => {
    const { headers, body } = await system.portal.getAsAda(PAGE, { 'x-request-id': 'abc-1.2:3' });
    expect(headers['x-request-id']).to.equal('abc-1.2:3');
    expect(body.request_id).to.equal('abc-1.2:3');
    expect(sent('x-request-id')).to.deep.equal(['abc-1.2:3', 'abc-1.2:3']);
  });

  it('an id that could do harm is replaced', async () => {
    for (const id of ['<script>', 'a b', 'x'.repeat(200)]) {
      const { headers } = await system.portal.get('/health', { 'x-request-id': id });
      expect(headers['x-request-id']).to.match(/^[0-9a-f]{32}$/);
    }
  });

  it("the caller's token does not go on (row 105)", async () => {
    await system.portal.getAsAda(PAGE, { cookie: 'session=1' });
    expect(sent('authorization')).to.deep.equal(['undefined', 'undefined']);
    expect(sent('cookie')).to.deep.equal(['undefined', 'undefined']);
  });
});

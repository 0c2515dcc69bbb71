import { expect } from 'chai';
import { createCatalogue } from '../../../src/portal/errors/index.ts';
import { answerTo } from './service.ts';

const ENTRIES = {
  RX139: { status: 400, message: 'The prescription cannot be refilled.' },
  BUSY: { status: 503, message: 'Come back later.', retryAfterMs: 3000, code: 'busy' },
};
const SERVICES = {
  pharmacy: { RX139: { status: 409, message: 'The pharmacy has refilled it already.' } },
};

describe('errors: the catalogue of other services’ codes', () => {
  const hints: string[] = [];
  const hint = (line: string) => void hints.push(line);
  const catalogue = createCatalogue(ENTRIES, { services: SERVICES, hint });
  beforeEach(() => hints.splice(0));

  it('an entry says status and words (row 89)', async () => {
    const { status, body } = await answerTo(catalogue.error('clinic', 'RX139'));
    expect(status).to.equal(400);
    expect(body).to.include({ code: 'RX139', detail: 'The prescription cannot be refilled.' });
    const busy = await answerTo(catalogue.error('clinic', 'BUSY'));
    expect(busy.status).to.equal(503);
    expect(busy.headers['retry-after']).to.equal('3');
    expect(busy.body.code).to.equal('busy');
    expect(hints).to.deep.equal([]);
  });

  it('an entry of the service wins over the common one (row 89)', async () => {
    const { status, body } = await answerTo(catalogue.error('pharmacy', 'RX139'));
    expect(status).to.equal(409);
    expect(body.detail).to.equal('The pharmacy has refilled it already.');
    expect((await answerTo(catalogue.error('pharmacy', 'BUSY'))).status).to.equal(503);
  });

  it('a code without an entry is a generic 502, and one hint to add it (row 89)', async () => {
    const cause = new Error('VA900: password=hunter2');
    for (let i = 0; i < 3; i++) {
      const error = catalogue.error('clinic', 'VA900', { cause });
      expect(error.cause).to.equal(cause);
      const { status, text, body } = await answerTo(error);
      expect(status).to.equal(502);
      expect(body).to.include({ code: 'bad_gateway' });
      expect(text).to.not.match(/VA900|hunter2/);
    }
    expect(hints).to.deep.equal([
      'clinic answered with the code "VA900", which is not in the catalogue: add an entry that says what clients are told',
    ]);
    catalogue.error('pharmacy', 'VA900');
    expect(hints).to.have.length(2);
  });

  for (const code of ['__proto__', 'constructor', 'toString', '', 'a\nb']) {
    it(`the code ${JSON.stringify(code)} is one like any other (row 89)`, () => {
      expect(catalogue.error('clinic', code).status).to.equal(502);
      expect(hints.join()).to.not.include('\n');
    });
  }

  it('a service that makes up codes cannot flood the log (row 89)', () => {
    const own: string[] = [];
    const flooded = createCatalogue({}, { hint: (line) => own.push(line) });
    for (let i = 0; i < 3000; i++) flooded.error('clinic', `${i}`.padEnd(5000, 'x'));
    expect(own).to.have.length(1000);
    expect(own[0]).to.have.length.below(300);
  });

  it('works without anyone to hint to', () => {
    expect(createCatalogue({}).error('clinic', 'X').status).to.equal(502);
  });

  it('an entry that no client could be told is refused at once (row 89)', () => {
    expect(() => createCatalogue({ X: { status: 299, message: 'a' } })).to.throw(RangeError);
    expect(() =>
      createCatalogue({}, { services: { clinic: { X: { status: 404, message: '' } } } }),
    ).to.throw(TypeError);
  });
});

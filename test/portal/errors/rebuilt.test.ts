import { expect } from 'chai';
import {
  BadRequest,
  createErrorRegistry,
  Forbidden,
  HttpError,
  httpError,
  inOneLine,
  InternalServerError,
  InvalidRequest,
  NotFound,
  ServiceUnavailable,
  standardMessage,
  statusBody,
  TooManyRequests,
  Unauthorized,
} from '../../../src/portal/errors/index.ts';
import { usePortal } from '../use-portal.ts';
import { answerTo } from './service.ts';

const NESTED = '{"httpStatus":404,"errorCode":"NOT_FOUND","message":"Not Found"}';
const STATUS = { format: 'status' } as const;

/** The tests that the fourth document tells of, with asserts that can fail. */
describe('errors: the tests of a gateway, rebuilt (row 136)', () => {
  const system = usePortal({ ERROR_FORMAT: 'status' });

  describe('models', () => {
    it('a status holds a code and a message', () => {
      const { status } = statusBody(404, 'No tea.');
      expect([status.status_code, status.message]).to.deep.equal([404, 'No tea.']);
    });

    it('an answer wraps a status and nothing else', () => {
      expect(Object.keys(statusBody(404, 'No tea.'))).to.deep.equal(['status']);
    });

    it('is written exactly so', async () => {
      expect((await answerTo(new NotFound('No tea.'), STATUS)).text).to.equal(
        '{"status":{"status_code":404,"message":"No tea."}}',
      );
    });
  });

  describe('exceptions', () => {
    for (const [error, status, headers] of [
      [new BadRequest('M'), 400, {}],
      [new Unauthorized('M', { challenge: 'ApiKey' }), 401, { 'www-authenticate': 'ApiKey' }],
      [new Forbidden('M'), 403, {}],
      [new NotFound('M'), 404, {}],
      [new TooManyRequests('M', { retryAfterMs: 10_000 }), 429, { 'retry-after': '10' }],
      [new InternalServerError('M'), 500, {}],
      [new ServiceUnavailable('M'), 503, { 'retry-after': '5' }],
    ] as const) {
      it(`${error.name} is a ${status} with its message and headers`, async () => {
        const answer = await answerTo(error, STATUS);
        expect(answer.status).to.equal(status);
        expect(answer.body).to.deep.equal({ status: { status_code: status, message: 'M' } });
        expect(answer.headers).to.include(headers);
      });
    }

    it('the factory gives the class of the status', () => {
      expect(httpError(404)).to.be.instanceOf(NotFound);
      expect(httpError(429)).to.be.instanceOf(TooManyRequests);
      expect(httpError(400)).to.be.instanceOf(BadRequest);
      expect(httpError(429, 'M').message).to.equal('M');
    });
  });

  describe('formatter', () => {
    it('formats a status and a message', () => {
      expect(statusBody(429, 'Slow.')).to.deep.equal({
        status: { status_code: 429, message: 'Slow.' },
      });
    });

    it('formats what is invalid', () => {
      expect(inOneLine([{ path: ['name'], message: 'field required' }])).to.equal(
        'Invalid request parameters: field required at body.name',
      );
    });

    it('formats an empty list of what is invalid', () => {
      expect(inOneLine([])).to.equal('Invalid request parameters: Validation failed');
    });

    it('knows a message for each common status', () => {
      const messages = [400, 401, 403, 404, 429, 500, 503].map((code) => standardMessage(code, ''));
      expect(messages).to.not.include('');
      expect(new Set(messages).size).to.equal(7);
    });

    it('has a default for the others, or takes one', () => {
      expect(standardMessage(999)).to.equal('An error occurred.');
      expect(standardMessage(999, 'Odd.')).to.equal('Odd.');
    });
  });

  describe('handlers', () => {
    it('/health does not mind parameters that it does not know', async () => {
      const { status, body } = await system.portal.get('/health?page=%00&junk[]=1');
      expect(status).to.equal(200);
      expect(body).to.include({ status: 'ok' });
    });

    it('an unknown route is a 404 in the form of all others', async () => {
      const { status, body } = await system.portal.get('/notARoute');
      expect(status).to.equal(404);
      expect(body).to.deep.equal({
        status: { status_code: 404, message: 'There is nothing at this address.' },
      });
    });
  });

  describe('format', () => {
    it('has two keys below one', async () => {
      const { body } = await system.portal.send('POST', '/health');
      expect(Object.keys(body)).to.deep.equal(['status']);
      expect(Object.keys(body.status)).to.deep.equal(['status_code', 'message']);
    });

    it('is the same for every status', async () => {
      for (const code of [400, 401, 403, 404, 429, 500, 503]) {
        const { status, body } = await answerTo(httpError(code), STATUS);
        expect(status).to.equal(code);
        expect(body).to.deep.equal({
          status: { status_code: code, message: standardMessage(code) },
        });
      }
    });
  });

  it('what another service said is handed on to the letter, where it is to be', async () => {
    const { body } = await answerTo(new NotFound(NESTED), STATUS);
    expect(body.status.message).to.equal(NESTED);
  });

  it('from the throw to the client: status, headers and body are those of the error', async () => {
    const error = new TooManyRequests('Slow down.', { retryAfterMs: 7000 });
    const { status, headers, body, seen } = await answerTo(error, STATUS);
    expect(status).to.equal(429);
    expect(headers).to.include({ 'retry-after': '7', 'content-type': 'application/json' });
    expect(body).to.deep.equal({ status: { status_code: 429, message: 'Slow down.' } });
    expect(seen).to.deep.equal([]);
  });
});

/** The tests of the third document; what it had none for is in the files beside this one. */
describe('errors: the tests of a web framework, rebuilt (row 137)', () => {
  for (const [status, phrase] of [
    [400, 'Bad Request'],
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [405, 'Method Not Allowed'],
    [500, 'Internal Server Error'],
  ] as const) {
    it(`throwing a ${status} is answered by itself`, async () => {
      const answer = await answerTo(httpError(status), { format: 'text' });
      expect(answer.status).to.equal(status);
      expect(answer.text).to.equal(`${status} ${phrase}\n${standardMessage(status)}`);
    });
  }

  for (const status of [200, 201, 202, 204]) {
    it(`a success, ${status}, cannot be thrown`, () => {
      expect(() => httpError(status)).to.throw(RangeError);
    });
  }

  for (const detail of ['', 'Nope!']) {
    it(`three renderers, with the detail "${detail}"`, async () => {
      const error = new Forbidden('No.', { detail });
      const answers = await Promise.all(
        (['text', 'html', 'media'] as const).map((format) => answerTo(error, { format })),
      );
      expect(answers.map(({ text }) => text)).to.deep.equal(
        detail === ''
          ? ['403 Forbidden', '<h1>403 Forbidden</h1>', '{"error":"403 Forbidden","status":403}']
          : [
              '403 Forbidden\nNope!',
              '<h1>403 Forbidden</h1>\n<p>Nope!</p>',
              '{"error":"403 Forbidden","status":403,"detail":"Nope!"}',
            ],
      );
    });
  }

  it('invalid requests are answered field by field, or as their own handler has it', async () => {
    const error = new InvalidRequest([{ path: ['name'], message: 'field required' }]);
    const media = await answerTo(error, { format: 'media' });
    expect(media.status).to.equal(400);
    expect(media.body.detail).to.deep.equal({ name: 'field required' });
    const registry = createErrorRegistry();
    registry.handle(InvalidRequest, (_error, ctx) => void (ctx.status = 500));
    expect((await answerTo(error, { registry })).status).to.equal(500);
    expect((await answerTo(new BadRequest(), { registry })).status).to.equal(400);
    expect(error).to.be.instanceOf(HttpError);
  });
});

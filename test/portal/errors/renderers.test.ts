import { expect } from 'chai';
import {
  ERROR_FORMATS,
  Forbidden,
  httpError,
  InvalidRequest,
  NotFound,
  RENDERERS,
  type ErrorFacts,
  type ErrorFormat,
  type Renderer,
} from '../../../src/portal/errors/index.ts';
import { answerTo, startService } from './service.ts';

const PROBLEMS = [
  { path: ['name'], message: 'field required', type: 'missing' },
  { path: ['players', 0, 'a/b'], message: 'too <big>' },
  { in: 'query', path: ['page'], message: 'no number', type: 'invalid_type' },
] as const;

/** What each format makes of: an error with a sentence, and one with problems. */
const SHAPES: Readonly<Record<ErrorFormat, { type: string; plain: string; problems: string }>> = {
  problem: {
    type: 'application/problem+json',
    plain:
      '{"title":"Forbidden","status":403,"detail":"No access.","code":"forbidden","request_id":"r1"}',
    problems:
      '{"title":"Bad Request","status":400,"detail":"The request is not valid.","code":"invalid_request","request_id":"r1","errors":[{"pointer":"/name","detail":"field required"},{"pointer":"/players/0/a~1b","detail":"too <big>"},{"parameter":"page","detail":"no number"}]}',
  },
  jsonapi: {
    type: 'application/vnd.api+json',
    plain:
      '{"errors":[{"title":"Forbidden","detail":"No access.","code":"forbidden","status":"403"}]}',
    problems:
      '{"errors":[{"title":"Bad Request","detail":"field required","code":"invalid_request","status":"400","source":{"pointer":"/name"}},{"title":"Bad Request","detail":"too <big>","code":"invalid_request","status":"400","source":{"pointer":"/players/0/a~1b"}},{"title":"Bad Request","detail":"no number","code":"invalid_request","status":"400","source":{"parameter":"page"}}]}',
  },
  detail: {
    type: 'application/json',
    plain: '{"detail":"No access."}',
    problems:
      '{"detail":[{"type":"missing","loc":["body","name"],"msg":"field required"},{"type":"invalid","loc":["body","players",0,"a/b"],"msg":"too <big>"},{"type":"invalid_type","loc":["query","page"],"msg":"no number"}]}',
  },
  status: {
    type: 'application/json',
    plain: '{"status":{"status_code":403,"message":"No access."}}',
    problems:
      '{"status":{"status_code":400,"message":"Invalid request parameters: field required at body.name; too <big> at body.players.0.a/b; no number at query.page"}}',
  },
  media: {
    type: 'application/json',
    plain: '{"error":"403 Forbidden","status":403,"detail":"No access."}',
    problems:
      '{"error":"400 Bad Request","status":400,"detail":{"name":"field required","players.0.a/b":"too <big>","page":"no number"}}',
  },
  html: {
    type: 'text/html; charset=utf-8',
    plain: '<h1>403 Forbidden</h1>\n<p>No access.</p>',
    problems:
      '<h1>400 Bad Request</h1>\n<p>Invalid request parameters: field required at body.name; too &#60;big&#62; at body.players.0.a/b; no number at query.page</p>',
  },
  text: {
    type: 'text/plain; charset=utf-8',
    plain: '403 Forbidden\nNo access.',
    problems:
      '400 Bad Request\nInvalid request parameters: field required at body.name; too <big> at body.players.0.a/b; no number at query.page',
  },
};

describe('errors: renderers', () => {
  it('each has its shapes here', () => {
    expect(Object.keys(SHAPES)).to.have.members([...ERROR_FORMATS]);
  });

  for (const format of ERROR_FORMATS) {
    const { type, plain, problems } = SHAPES[format];

    it(`${format} has the shape it promises, to the letter (rows 75, 76, 78, 79, 80, 87)`, async () => {
      const { status, headers, text } = await ask(new Forbidden('No access.'), format);
      expect(status).to.equal(403);
      expect(headers['content-type']).to.equal(type);
      expect(text).to.equal(plain);
      expect(headers['content-length']).to.equal(String(Buffer.byteLength(plain)));
    });

    it(`${format} tells all that is wrong with a request (rows 56, 57)`, async () => {
      const { status, text } = await ask(new InvalidRequest(PROBLEMS), format);
      expect(status).to.equal(400);
      expect(text).to.equal(problems);
    });

    it(`${format} copes with every status and any text (row 78)`, async () => {
      const odd = '"quotes", \\ lines\n, <b onload="x">&\u2028 \u{1f9e8} and \ud800';
      for (let status = 400; status < 600; status++) {
        const facts = factsOf(httpError(status, odd, { code: odd }));
        expect(RENDERERS[format].render(facts)).to.be.a('string').and.not.equal('');
      }
      const { status, text } = await ask(new NotFound(odd), format);
      expect(status).to.equal(404);
      if (type.includes('json')) expect(JSON.stringify(JSON.parse(text))).to.include('onload');
      if (format === 'html') expect(text).to.not.match(/<b|onload="|&(?!#\d+;)/);
    });

    for (const detail of [{ a: { b: [1] } }, [null], 0, false, '']) {
      it(`${format} copes with the detail ${JSON.stringify(detail)} (row 66)`, async () => {
        const { status, headers, text, body } = await ask(new NotFound('A.', { detail }), format);
        expect(status).to.equal(404);
        expect(headers['content-type']).to.equal(type);
        if (type.includes('json')) expect(body).to.be.an('object');
        else expect(text).to.include('404 Not Found');
      });
    }

    it(`${format} answers HEAD with the head that GET has (row 75)`, async () => {
      await using service = await startService(
        () => {
          throw new NotFound();
        },
        { format },
      );
      const [got, head] = [await service.get(), await service.send('HEAD')];
      expect(head.status).to.equal(404);
      expect(head.text).to.equal('');
      expect(head.headers['content-length']).to.equal(got.headers['content-length']);
      expect(head.headers['content-type']).to.equal(type);
    });

    it(`${format} says nothing of an error that nobody knows (row 83)`, async () => {
      const { status, text, headers } = await ask(secretive(), format);
      expect(status).to.equal(500);
      expect(text).to.include('Something went wrong on our side.');
      expect(text + JSON.stringify(headers)).to.not.match(
        /hunter2|10\.1\.2\.3|SELECT|LeakyError|node_modules|\.ts|at /,
      );
    });
  }

  it('a detail that is no sentence is written as JSON where there is only text (row 75)', async () => {
    const error = new Forbidden('No.', { detail: { tag: '<b>' } });
    expect((await ask(error, 'text')).text).to.equal('403 Forbidden\n{"tag":"<b>"}');
    expect((await ask(error, 'html')).text).to.equal(
      '<h1>403 Forbidden</h1>\n<p>{&#34;tag&#34;:&#34;&#60;b&#62;&#34;}</p>',
    );
  });

  it('an empty detail is left out (row 75)', async () => {
    const error = new Forbidden('No.', { detail: '' });
    expect((await ask(error, 'text')).text).to.equal('403 Forbidden');
    expect((await ask(error, 'html')).text).to.equal('<h1>403 Forbidden</h1>');
    expect((await ask(error, 'media')).text).to.equal('{"error":"403 Forbidden","status":403}');
    expect((await ask(error, 'jsonapi')).body.errors[0].detail).to.equal('No.');
  });

  it('a header is named as one (row 56)', async () => {
    const error = new InvalidRequest([{ in: 'header', path: ['prefer'], message: 'odd' }]);
    const found = [{ header: 'prefer', detail: 'odd' }];
    expect((await ask(error, 'problem')).body.errors).to.deep.equal(found);
    expect((await ask(error, 'jsonapi')).body.errors[0].source).to.deep.equal({ header: 'prefer' });
    expect((await ask(error, 'detail')).body.detail[0].loc).to.deep.equal(['header', 'prefer']);
  });

  it('jsonapi leaves out what is blank: the whole body has no pointer (row 79)', async () => {
    const { body } = await ask(new InvalidRequest([{ path: [], message: 'no object' }]), 'jsonapi');
    expect(Object.keys(body.errors[0])).to.deep.equal(['title', 'detail', 'code', 'status']);
    for (const value of Object.values(body.errors[0])) expect(value).to.be.a('string');
  });

  it('an error that cannot be rendered is answered by its status, and told of (row 78)', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const broken: Renderer = {
      type: 'text/plain',
      suits: [],
      render() {
        throw new Error('hunter2');
      },
    };
    for (const answer of [
      await answerTo(new NotFound('A.', { detail: loop })),
      await answerTo(new NotFound('A.', { headers: { 'X-A': 'split\r\nX-B: 1' } })),
      await answerTo(new NotFound('A.'), { format: broken }),
    ]) {
      expect(answer.status).to.equal(404);
      expect(answer.text).to.equal('404 Not Found\nThere is nothing at this address.');
      expect(answer.headers['content-type']).to.equal('text/plain; charset=utf-8');
      expect(answer.seen).to.have.length(1);
    }
  });

  it('a renderer of one’s own can be the common one (row 76)', async () => {
    const format: Renderer = {
      type: 'application/vnd.shop+json',
      suits: [],
      render: ({ code }) => JSON.stringify({ oops: code }),
    };
    const { headers, body } = await answerTo(new NotFound(), { format });
    expect(headers['content-type']).to.equal('application/vnd.shop+json');
    expect(body).to.deep.equal({ oops: 'not_found' });
    const asText = await answerTo(new NotFound(), { format }, { accept: 'text/plain' });
    expect(asText.text).to.equal('404 Not Found\nThere is nothing at this address.');
  });
});

async function ask(error: unknown, format: ErrorFormat) {
  await using service = await startService(
    () => {
      throw error;
    },
    { format },
    (ctx, next) => {
      ctx.state['requestId'] = 'r1';
      return next();
    },
  );
  return await service.get();
}

function secretive(): Error {
  class LeakyError extends Error {}
  return new LeakyError('db password=hunter2 at 10.1.2.3:443: SELECT * FROM accounts', {
    cause: new Error('hunter2'),
  });
}

function factsOf({
  status,
  title,
  message,
  line,
  detail,
  code,
  problems,
}: ReturnType<typeof httpError>): ErrorFacts {
  return { status, phrase: title.slice(4), title, message, line, detail, code, problems };
}

import { expect } from 'chai';
import { NotFound, type ErrorFormat } from '../../../src/portal/errors/index.ts';
import { acceptable } from '../../../src/portal/http/acceptable.ts';
import { usePortal } from '../use-portal.ts';
import { answerTo, startService } from './service.ts';

const TYPES: Readonly<Record<ErrorFormat, string>> = {
  problem: 'application/problem+json',
  jsonapi: 'application/vnd.api+json',
  detail: 'application/json',
  status: 'application/json',
  media: 'application/json',
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};
const CHROME =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';

describe('errors: the form that a client gets', () => {
  for (const [accept, byDefault, format] of [
    ['', 'problem', 'problem'],
    ['', 'status', 'status'],
    ['*/*', 'html', 'html'],
    ['*/*', 'problem', 'problem'],
    ['application/json', 'problem', 'problem'],
    ['application/json', 'status', 'status'],
    ['application/json', 'detail', 'detail'],
    ['application/json', 'media', 'media'],
    ['application/json', 'jsonapi', 'jsonapi'],
    ['application/json', 'html', 'problem'],
    ['application/problem+json', 'status', 'problem'],
    ['application/vnd.api+json', 'problem', 'jsonapi'],
    ['text/html', 'problem', 'html'],
    ['text/plain', 'problem', 'text'],
    ['text/*', 'problem', 'html'],
    ['text/*', 'text', 'text'],
    [CHROME, 'problem', 'html'],
    ['application/json, text/plain, */*', 'problem', 'problem'],
    ['application/json, text/plain, */*', 'detail', 'detail'],
    ['text/html;q=0.3, text/plain;q=0.7', 'problem', 'text'],
    ['text/html;q=0, */*;q=0.1', 'html', 'problem'],
    ['application/problem+json;q=0, application/json', 'problem', 'problem'],
    ['text/html;level=1, application/json;q=0.2', 'status', 'status'],
    ['image/png', 'problem', 'problem'],
    ['image/png', 'text', 'text'],
    ['nonsense, ;;,q=', 'problem', 'problem'],
  ] as const) {
    it(`"${accept}" gets ${format} where ${byDefault} is the common one (rows 45, 76, 77)`, async () => {
      const headers: Record<string, string> = accept === '' ? {} : { accept };
      const answer = await answerTo(new NotFound('No tea.'), { format: byDefault }, headers);
      expect(answer.status).to.equal(404);
      expect(answer.headers['content-type']).to.equal(TYPES[format]);
      const common = await answerTo(new NotFound('No tea.'), { format });
      expect(answer.text).to.equal(common.text);
      expect(answer.headers['vary']).to.equal('Accept');
    });
  }

  for (const [what, method, status, body, answered] of [
    ['a read', 'GET', 200, 'tea', 406],
    ['a read of the head', 'HEAD', 200, 'tea', 406],
    ['a read of nothing', 'GET', 204, null, 204],
    ['a redirect', 'GET', 303, 'there', 303],
    ['a change', 'POST', 201, 'made', 201],
  ] as const) {
    it(`${what} for one who accepts images only is a ${answered} (row 60)`, async () => {
      await using service = await startService((ctx) =>
        acceptable(ctx, async () => {
          ctx.status = status;
          ctx.body = body;
        }),
      );
      const headers = { accept: 'image/*' };
      expect((await service.send(method, { headers })).status).to.equal(answered);
    });
  }

  describe('from the portal', () => {
    const system = usePortal();

    it('a browser, a program and a terminal get the same error, each in its own words (rows 45, 46, 77)', async () => {
      const sentence = 'There is nothing at this address.';
      const browser = await system.portal.get('/nowhere', { accept: CHROME });
      const program = await system.portal.get('/nowhere', { accept: 'application/json' });
      const terminal = await system.portal.get('/nowhere', { accept: 'text/plain' });
      expect(browser.text).to.equal(`<h1>404 Not Found</h1>\n<p>${sentence}</p>`);
      expect(program.body).to.include({ status: 404, detail: sentence, code: 'not_found' });
      expect(terminal.text).to.equal(`404 Not Found\n${sentence}`);
      for (const { status } of [browser, program, terminal]) expect(status).to.equal(404);
    });

    for (const [format, body] of [
      ['status', { status: { status_code: 404, message: 'There is nothing at this address.' } }],
      ['detail', { detail: 'There is nothing at this address.' }],
      [
        'jsonapi',
        {
          errors: [
            {
              title: 'Not Found',
              detail: 'There is nothing at this address.',
              code: 'not_found',
              status: '404',
            },
          ],
        },
      ],
    ] as const) {
      it(`ERROR_FORMAT=${format} gives the form that older clients know (rows 76, 87)`, async () => {
        await system.restartPortal({ ERROR_FORMAT: format });
        const { status, body: answered } = await system.portal.get('/nowhere');
        expect(status).to.equal(404);
        expect(answered).to.deep.equal(body);
      });
    }

    for (const accept of ['image/png', 'text/html', 'application/xml, text/csv;q=0.5']) {
      it(`a read that a client would not accept, ${accept}, is a 406 (row 60)`, async () => {
        const { status, body, text } = await system.portal.get('/games/v1/games', { accept });
        expect(status).to.equal(406);
        const sentence = 'This comes as application/json only.';
        if (accept === 'text/html') expect(text).to.include(sentence);
        else expect(body).to.include({ status: 406, code: 'not_acceptable', detail: sentence });
      });
    }

    for (const accept of ['*/*', 'application/json', 'application/*;q=0.1', CHROME, '']) {
      it(`a read that a client accepts by "${accept}" is answered (row 60)`, async () => {
        expect((await system.portal.get('/games/v1/games', { accept })).status).to.equal(200);
      });
    }

    it('an unknown address is not there in any form, and what is done is not a 406 (rows 46, 60)', async () => {
      expect((await system.portal.get('/nowhere', { accept: 'image/png' })).status).to.equal(404);
      const credentials = { email: 'ada@example.test', password: 'ada-plays-fair' };
      const { status } = await system.portal.send('POST', '/token', {
        headers: { 'content-type': 'application/json', accept: 'image/png' },
        body: JSON.stringify(credentials),
      });
      expect(status).to.equal(200);
    });
  });
});

import { expect } from 'chai';
import { REVIEWS, useReviews } from '../reviews/use-reviews.ts';
import { asPlayer } from '../portal-under-test.ts';

const HTML = `<img src=x onerror="alert('xss')">'; drop table reviews; --`;

describe('portal: reviews that would do harm', () => {
  const system = useReviews();

  it('come back as they were written, as data that no browser takes for a page', async () => {
    const content = { rating_out_of_five: 1, text: HTML };
    const written = await system.ask('POST', REVIEWS, 'ada', content);
    expect(written.status).to.equal(201);
    for (const path of [REVIEWS, written.headers.location ?? '']) {
      const { status, headers, text } = await system.ask('GET', path);
      expect(status).to.equal(200);
      expect(text).to.include(JSON.stringify(HTML));
      expect(headers['content-type']).to.match(/^application\/json/);
      expect(headers['x-content-type-options']).to.equal('nosniff');
    }
  });

  it('are no 406 once they are written, whatever the client accepts; reading them is (row 60)', async () => {
    const headers = { ...(await asPlayer('ada')), accept: 'image/png' };
    const body = JSON.stringify({ rating_out_of_five: 5, text: 'fine' });
    const type = { 'content-type': 'application/json' };
    const written = await system.portal.send('POST', REVIEWS, {
      headers: { ...headers, ...type },
      body,
    });
    expect(written.status).to.equal(201);
    expect((await system.portal.get(REVIEWS, headers)).status).to.equal(406);
  });
});

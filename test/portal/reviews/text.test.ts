import { expect } from 'chai';
import { KINDS } from '../storage/databases.ts';
import { GOOD, REVIEWS, useReviews } from './use-reviews.ts';

const HOSTILE: Readonly<Record<string, string>> = {
  'a statement of SQL': "'; DROP TABLE reviews; --",
  'a condition of SQL': "' OR '1'='1",
  'another condition of SQL': '" OR ""="',
  placeholders: "$1 ${text} :id ? \\' \\\\",
  'a script': '<script>alert(1)</script>',
  markup: '<img src=x onerror="alert(1)">&lt;b&gt;',
  templates: '{{7*7}} ${7*7} #{7*7} <%= 7*7 %>',
  'the name of a prototype': '__proto__',
  'control characters': 'line one\nline two\r\n\ttab \u0001\u001b[31m\u007f\u0085\u2028\u2029',
  'letters that turn the line': '\u202eright to left, ﷽, Z͑ͫ̓ͪ̂ͫ, ¯\\_(ツ)_/¯',
  'emoji and what is no character': '🚀👩‍👩‍👧‍👦 \ufeff \uffff \u{10ffff}',
  'spaces around it': ' not trimmed ',
  'what looks the same': 'e\u0301 is not \u00e9',
};

for (const kind of KINDS)
  describe(`portal: the text of a review on ${kind.name}`, () => {
    const system = useReviews(kind);

    for (const [what, text] of Object.entries(HOSTILE)) {
      it(`is kept as it was given, and only ever sent as JSON: ${what}`, async () => {
        const content = { ...GOOD, text };
        const created = await system.ask('POST', REVIEWS, 'grace', content);
        expect(created.status).to.equal(201);
        const { id } = created.body;
        const replaced = await system.ask('PUT', `${REVIEWS}/${id}`, 'grace', content);
        const one = await system.ask('GET', `${REVIEWS}/${id}`);
        const list = await system.ask('GET', REVIEWS);
        for (const review of [created.body, replaced.body, one.body, list.body.results[0]]) {
          expect(review).to.deep.equal({ ...created.body, text });
        }
        for (const { headers } of [created, replaced, one, list]) {
          expect(headers['content-type']).to.equal('application/json; charset=utf-8');
          expect(headers['x-content-type-options']).to.equal('nosniff');
        }
      });
    }

    it('is counted in characters: 2000 emoji fit', async () => {
      const text = '🚀'.repeat(2000);
      const { status, body } = await system.ask('POST', REVIEWS, 'grace', { ...GOOD, text });
      expect(status).to.equal(201);
      expect(body.text).to.equal(text);
    });

    it('of two that are sent under one name the last counts', async () => {
      const body = '{"rating_out_of_five":9,"text":"first","rating_out_of_five":3,"text":"last"}';
      const answered = await system.ask('POST', REVIEWS, 'grace', body);
      expect(answered.status).to.equal(201);
      expect(answered.body).to.include({ rating_out_of_five: 3, text: 'last' });
    });

    it('hostile words in the address find nothing', async () => {
      await system.graceReviews();
      for (const text of Object.values(HOSTILE)) {
        const word = encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '?'));
        expect((await system.ask('GET', `/games/v1/games/${word}/reviews`)).status).to.equal(404);
        expect((await system.ask('GET', `${REVIEWS}/${word}`)).status).to.equal(400);
        const paged = await system.ask('GET', `${REVIEWS}?page=${word}&page_size=${word}`);
        expect(paged.status).to.equal(404);
        expect((await system.ask('GET', `${REVIEWS}?page_size=${word}`)).body.count).to.equal(1);
      }
    });
  });

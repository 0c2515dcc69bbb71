import { expect } from 'chai';
import * as fc from 'fast-check';
import { KINDS } from '../storage/databases.ts';
import { GOOD, REVIEWS, useReviews } from './use-reviews.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyText, fc.integer(), fc.double());
/** Bodies that have the right fields more often than chance would give them. */
const anyBody = fc.oneof(
  fc.json(),
  anyText,
  fc
    .record(
      { rating_out_of_five: fc.oneof(fc.integer({ min: 1, max: 5 }), anyValue), text: anyValue },
      { requiredKeys: [] },
    )
    .map((body) => JSON.stringify(body)),
  fc
    .record({ username: anyValue, email: anyValue, password: anyValue }, { requiredKeys: [] })
    .map((body) => JSON.stringify(body)),
  fc.record({ increase_votes_by: anyValue }).map((body) => JSON.stringify(body)),
);
const anySegment = fc.oneof(fc.constantFrom('exrps', '1', 'none'), anyText.map(encodeLoosely));

for (const kind of KINDS) {
  describe(`portal: whatever is sent on ${kind.name}`, () => {
    const system = useReviews(kind);

    it('is answered below 500, and leaves what was there as it was', async () => {
      const path = await system.graceReviews();
      const before = (await system.ask('GET', path)).body;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET'),
          fc.oneof(
            fc.constantFrom(REVIEWS, path, '/token/', '/token/refresh/', '/register/'),
            fc.tuple(anySegment, anySegment).map(([a, b]) => `/games/v1/games/${a}/reviews/${b}`),
            fc.tuple(anySegment, anySegment).map(([a, b]) => `${REVIEWS}?page=${a}&page_size=${b}`),
          ),
          anyBody,
          async (method, at, body) => {
            // Linus may vote, however the address is written, but neither replace nor delete; Grace may not vote for herself.
            const vote = method === 'PATCH';
            const answered = await system.ask(method, at, vote ? 'grace' : 'linus', body);
            expect(answered.status, JSON.stringify(answered.body)).to.be.below(500);
            if (answered.status >= 400) {
              expect(answered.body).to.include({ status: answered.status });
            }
          },
        ),
        { numRuns: 300 },
      );
      expect((await system.ask('GET', path)).body).to.deep.equal(before);
      expect(before).to.include(GOOD);
      expect(system.portal.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  });
}

/** Some as they should be encoded, some as they must not be. */
function encodeLoosely(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '');
  return text.length % 5 === 0
    ? wellFormed.replace(/[^!-~]/g, '').replace(/[#?]/g, '%')
    : encodeURIComponent(wellFormed);
}

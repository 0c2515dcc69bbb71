import { createServer } from 'node:http';
import { expect } from 'chai';
import Koa from 'koa';
import { listen, type Listening } from '../../../src/common/server.ts';
import { handleErrors } from '../../../src/portal/errors/handle-errors.ts';
import { pageOf, type Page, type Window } from '../../../src/portal/games/page.ts';
import type { PortalState } from '../../../src/portal/http/context.ts';

describe('portal: pages of a long list (row 34)', () => {
  const ITEMS = Array.from({ length: 40 }, (_, i) => i);
  let items: readonly number[];
  let listening: Listening;
  let asked: Window[];

  beforeEach(async () => {
    asked = [];
    items = ITEMS;
    const app = new Koa<PortalState>();
    app.use(handleErrors());
    app.use(async (ctx) => {
      ctx.body = await pageOf(ctx, async (window) => {
        asked.push(window);
        const results = items.slice(window.offset, window.offset + window.limit);
        return { count: items.length, results };
      });
    });
    const handle = app.callback();
    const server = createServer((request, response) => void handle(request, response));
    listening = await listen(server, 0, '127.0.0.1');
  });
  afterEach(() => listening[Symbol.asyncDispose]());

  const get = async (query: string): Promise<Page<number> & { readonly detail?: string }> => {
    const answer = await fetch(`${listening.url}/list/?${query}`);
    return (await answer.json()) as Page<number>;
  };

  for (const [size, limit] of [
    ['', 15],
    ['page_size=', 15],
    ['page_size=0', 15],
    ['page_size=-1', 15],
    ['page_size=1.5', 15],
    ['page_size=1e1', 15],
    ['page_size=all', 15],
    ['page_size=16', 15],
    ['page_size=999999999999', 15],
    ['page_size=15', 15],
    ['page_size=1', 1],
    ['page_size=7&page_size=9', 7],
  ] as const) {
    it(`with ${size || 'no size'} has ${limit} of them`, async () => {
      const { count, results } = await get(size);
      expect(count).to.equal(40);
      expect(results).to.deep.equal(ITEMS.slice(0, limit));
      expect(asked).to.deep.equal([{ offset: 0, limit }]);
    });
  }

  it('lead through all of it and back, each item once', async () => {
    const there: number[] = [];
    let page = await get('page_size=7&q=%C3%A9%26');
    for (;;) {
      there.push(...page.results);
      if (!page.next) break;
      expect(new URL(page.next).searchParams.get('q')).to.equal('é&');
      page = await get(new URL(page.next).search.slice(1));
    }
    expect(there).to.deep.equal(ITEMS);
    let steps = 0;
    for (; page.previous; steps++) page = await get(new URL(page.previous).search.slice(1));
    expect(steps).to.equal(5);
    expect(page.results).to.deep.equal(ITEMS.slice(0, 7));
  });

  it('the last one has what is left, and no next', async () => {
    const page = await get('page=3');
    expect(page.results).to.deep.equal(ITEMS.slice(30));
    expect(page.next).to.equal(null);
    expect(page.previous).to.equal(`${listening.url}/list/?page=2`);
  });

  for (const page of ['4', '0', '-1', '1.0', 'x', '', '999999999', '99999999999999999999']) {
    it(`there is no page "${page}"`, async () => {
      expect((await get(`page=${page}`)).detail).to.equal('Invalid page.');
    });
  }

  it('an empty list has one page, which is empty', async () => {
    items = [];
    expect(await get('')).to.deep.equal({ count: 0, next: null, previous: null, results: [] });
    expect((await get('page=2')).detail).to.equal('Invalid page.');
  });
});

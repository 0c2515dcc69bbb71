// The page as it was first written: one failure takes all three parts with it, and nothing ends the wait.
import { createServer } from 'node:http';

const { PORT, WAREHOUSE_URL } = process.env;

createServer(async ({ url }, response) => {
  response.setHeader('content-type', 'application/json');
  if (url === '/health') return response.end('{"status":"ok"}');
  const [, , item] = url.split('/');
  const page = await Promise.all(
    ['prices', 'stock', 'reviews'].map(async (what) => {
      const answer = await fetch(`${WAREHOUSE_URL}/${what}/${item}`);
      return { data: await answer.json(), error: false };
    }),
  ).then(
    ([price, stock, reviews]) => ({ price, stock, reviews, degraded: false }),
    () => ({
      price: { data: null, error: true },
      stock: { data: null, error: true },
      reviews: { data: [], error: true },
      degraded: true,
    }),
  );
  response.end(JSON.stringify({ item, ...page }));
}).listen(Number(PORT), '127.0.0.1');

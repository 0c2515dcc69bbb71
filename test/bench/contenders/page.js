import http from 'node:http';
import { ready, variant } from './ready.js';

/**
 * A page of two calls, each given up after 250 ms, that keeps nothing from one request to the next and passes on whose
 * request it works for. `variant` is where its calls go.
 */
function createPage(stats) {
  const agent = new http.Agent({ keepAlive: true });
  const part = (path, empty, headers) =>
    new Promise((resolve) => {
      const lost = () => resolve({ data: empty, error: true });
      const asked = http.get(stats + path, { agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        answer.on('error', lost);
        answer.on('end', () => {
          if (answer.statusCode !== 200) return lost();
          resolve({ data: JSON.parse(text), error: false });
        });
      });
      const timer = setTimeout(() => asked.destroy(), DEADLINE_MS);
      asked.on('error', lost).on('close', () => {
        clearTimeout(timer);
        lost();
      });
    });
  const answer = async ({ headers: { baggage } }, response) => {
    const headers = baggage ? { baggage } : {};
    const [board, player] = await Promise.all([
      part('/board', [], headers),
      part('/player', {}, headers),
    ]);
    const page = { title: 'Chess', board, player, degraded: board.error || player.error };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
  };
  return http.createServer((request, response) => void answer(request, response));
}

const DEADLINE_MS = 250;
const page = createPage(variant);
page.listen(0, '127.0.0.1', () => ready(page.address().port));

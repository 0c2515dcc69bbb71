import { once } from 'node:events';
import { connect } from 'node:net';

/** What is asked for; the query says which connection and which of its requests it is. */
export const pathOf = (connection, request) =>
  `/leaderboards/top_ten/duke?from=${connection}&n=${request}`;

export const requestFor = (path) => `GET ${path} HTTP/1.1\r\nHost: stats\r\nAccept: */*\r\n\r\n`;

/** Every byte of the answer to a path: 400 of them, and its head. */
export function answerTo(path) {
  const body = path.padEnd(400, '.');
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** A connection on which one exchange is made after another; `ask` gives the whole answer, or why there is none. */
export async function openClient(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.setEncoding('latin1');
  return {
    ask: (path) =>
      new Promise((resolve, reject) => {
        let got = '';
        const onData = (text) => {
          got += text;
          if (got.length < lengthOf(got)) return;
          leave();
          resolve(got);
        };
        const onClose = () => {
          leave();
          reject(new Error(`the connection ended after ${got.length} bytes of an answer`));
        };
        const leave = () => socket.off('data', onData).off('close', onClose);
        socket.on('data', onData).on('close', onClose);
        socket.write(requestFor(path));
      }),
    end: () => socket.destroy(),
  };
}

/** Of the answer that has begun to come. */
function lengthOf(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return Infinity;
  return end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
}

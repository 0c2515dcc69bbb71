import { head } from '../transparency/conversation.ts';

const BODY = JSON.stringify([{ user: 'ann', score: 1234 }]);

/** What an honest upstream answers to each request. */
export const RESPONSE = `${head(
  'HTTP/1.1 200 OK',
  'Content-Type: application/json',
  `Content-Length: ${BODY.length}`,
)}${BODY}`;

import { STATUS_CODES } from 'node:http';
import { defineFault } from '../fault.ts';
import { choice, integer } from '../parameter.ts';
import { headBytes } from '../wire-head.ts';

export const interim = defineFault({
  name: 'interim',
  summary: 'interim (1xx) responses that nobody asked for, then the real one',
  main: 'code',
  parameters: {
    code: choice('the status of each', { words: [100, 102, 103], default: 103 }),
    count: integer('how many come', { min: 1, max: 100, default: 1 }),
  },
  phase: 'headers',
  async onExchange({ link }, { code, count }) {
    const fields = code === 103 ? ['link: </style.css>; rel=preload; as=style'] : [];
    const bytes = headBytes({ start: `HTTP/1.1 ${code} ${STATUS_CODES[code]}`, fields });
    for (let sent = 0; sent < count; sent++) await link.write(bytes);
  },
});

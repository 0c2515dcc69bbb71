import { mkdirSync, writeFileSync } from 'node:fs';
import { generated } from './generated.ts';
import { root } from './root.ts';

mkdirSync(new URL('src/scenario/schema/', root), { recursive: true });
for (const [path, text] of await generated()) writeFileSync(new URL(path, root), text);

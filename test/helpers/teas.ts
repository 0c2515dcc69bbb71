import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { folder } from './folder.ts';
import { root } from './root.ts';

/** Starts the Koa service of a text exactly as it is written there, on a port of its own, in a project that has installed brownout. */
export async function startTeas(markdown: string): Promise<Server> {
  const [, code = ''] = /^```js\n(\/\/ teas\.js\n[^]*?)^```$/m.exec(markdown) ?? [];
  using project = folder({
    'package.json': '{"type":"module"}',
    'node_modules/.keep': '',
    // Koa would print what the app's `error` event is told.
    'teas.js': `${code.replace('app.listen(3000)', 'export const server = app.listen(0)')}app.silent = true;`,
  });
  for (const [name, path] of [
    ['brownout', '.'],
    ['koa', 'node_modules/koa'],
  ] as const) {
    symlinkSync(
      fileURLToPath(new URL(path, root)),
      project.file(`node_modules/${name}`),
      'junction',
    );
  }
  const { server } = (await import(pathToFileURL(project.file('teas.js')).href)) as {
    server: Server;
  };
  if (!server.listening) await once(server, 'listening');
  return server;
}

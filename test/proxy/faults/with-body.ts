import { withRig, type Rig } from '../rig.ts';

/** A rig whose upstream answers with `body`. */
export function withBody(
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
  test: (rig: Rig) => Promise<void>,
): Promise<void> {
  return withRig(
    {
      handler(_request, response) {
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        response.end(body);
      },
    },
    test,
  );
}

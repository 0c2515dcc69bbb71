import { defineFault } from '../fault.ts';
import { choice } from '../parameter.ts';

export const tls = defineFault({
  name: 'tls',
  summary: 'TLS fails: an alert, or a certificate that no client should take',
  main: 'kind',
  parameters: {
    kind: choice('what is wrong', {
      words: ['handshake', 'expired', 'self-signed', 'wrong-host'],
    }),
  },
  phase: 'handshake',
  onHandshake: (handshake, { kind }) =>
    kind === 'handshake' ? handshake.fail() : handshake.certificate(kind),
});

import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createAuthority, type CertificateKind } from '../../src/proxy/authority.ts';
import { root } from '../helpers/root.ts';

const NOW = Date.UTC(2030, 0, 2, 12);

describe('the authority of a run', () => {
  const made = async (kind: CertificateKind, host = '127.0.0.1') => {
    const authority = await createAuthority(NOW);
    const { cert, key } = authority.certificate(kind, host);
    return { ca: new X509Certificate(authority.pem), server: new X509Certificate(cert), key };
  };

  it('is an authority, of itself', async () => {
    const { ca } = await made('good');
    expect(ca.ca).to.equal(true);
    expect(ca.checkIssued(ca)).to.equal(true);
    expect(ca.verify(ca.publicKey)).to.equal(true);
  });

  it('signs a certificate for this machine and the listener’s host, with its key', async () => {
    const { ca, server, key } = await made('good', 'proxy.test');
    expect(server.ca).to.equal(false);
    expect(server.checkIssued(ca)).to.equal(true);
    expect(server.verify(ca.publicKey)).to.equal(true);
    expect(server.checkPrivateKey(createPrivateKey(key))).to.equal(true);
    for (const name of ['localhost', 'proxy.test']) expect(server.checkHost(name)).to.equal(name);
    for (const address of ['127.0.0.1', '::1']) expect(server.checkIP(address)).to.equal(address);
    expect((await made('good', '10.1.2.3')).server.checkIP('10.1.2.3')).to.equal('10.1.2.3');
    expect((await made('good', 'fd00::1')).server.checkIP('fd00::1')).to.equal('fd00::1');
  });

  const validity: Record<CertificateKind, [string, string]> = {
    good: ['Jan  2 11:00:00 2030 GMT', 'Jan  2 11:00:00 2031 GMT'],
    expired: ['Jan  2 11:00:00 2029 GMT', 'Jan  2 11:00:00 2030 GMT'],
    'self-signed': ['Jan  2 11:00:00 2030 GMT', 'Jan  2 11:00:00 2031 GMT'],
    'wrong-host': ['Jan  2 11:00:00 2030 GMT', 'Jan  2 11:00:00 2031 GMT'],
  };
  for (const [kind, [from, to]] of Object.entries(validity)) {
    it(`says from when to when one that is ${kind} holds`, async () => {
      const { server } = await made(kind as CertificateKind);
      expect([server.validFrom, server.validTo]).to.deep.equal([from, to]);
    });
  }

  it('is wrong in one thing only', async () => {
    const expired = await made('expired');
    expect(expired.server.verify(expired.ca.publicKey)).to.equal(true);
    expect(expired.server.checkHost('localhost')).to.equal('localhost');
    const own = await made('self-signed');
    expect(own.server.verify(own.server.publicKey)).to.equal(true);
    expect(own.server.checkIssued(own.ca)).to.equal(false);
    expect(own.server.checkHost('localhost')).to.equal('localhost');
    const wrong = await made('wrong-host');
    expect(wrong.server.verify(wrong.ca.publicKey)).to.equal(true);
    expect(wrong.server.subjectAltName).to.equal('DNS:wrong-host.invalid');
  });

  it('gives the same certificate again, and each host and kind its own', async () => {
    const authority = await createAuthority(NOW);
    const good = authority.certificate('good', '127.0.0.1');
    expect(authority.certificate('good', '127.0.0.1')).to.equal(good);
    const others = [
      authority.certificate('good', 'other.test'),
      authority.certificate('expired', '127.0.0.1'),
    ];
    const serials = [good, ...others].map(({ cert }) => new X509Certificate(cert).serialNumber);
    expect(new Set(serials).size).to.equal(3);
  });

  it('gives numbers that are positive and in order, every time', async () => {
    const authority = await createAuthority(NOW);
    for (let i = 0; i < 200; i++) {
      const { cert } = authority.certificate('good', `host${i}.test`);
      expect(new X509Certificate(cert).serialNumber).to.match(/^[4-7]/);
    }
  });

  it('costs a run without TLS nothing: what makes certificates is not loaded', () => {
    const script = `
      await import('./dist/src/index.js');
      await import('./dist/src/proxy/authority.js');
      const { createRequire } = await import('node:module');
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).join();
      console.log(loaded().includes('peculiar'));
      const { createAuthority } = await import('./dist/src/proxy/authority.js');
      await createAuthority(0);
      console.log(loaded().includes('peculiar'));`;
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(told).to.equal('false\ntrue\n');
  });
});

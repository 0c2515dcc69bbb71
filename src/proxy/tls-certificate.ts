import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** What signs: its name, as it stands in what it signs, and its keys. */
export interface Signer {
  readonly name: string;
  readonly keys: KeyPair;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Claims {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Names and addresses of a server; without them it is the certificate of an authority. */
  readonly hosts?: readonly string[];
}

/** EC P-256: every client takes it, and it is made in a fraction of a millisecond. */
export function makeKeys(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** A certificate in PEM. */
export function makeCertificate(claims: Claims, signer: Signer): string {
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serial(),
    signature: ECDSA_SHA256,
    issuer: nameOf(signer.name),
    validity: new Validity(claims),
    subject: nameOf(claims.subject),
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(claims.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(claims, signer)),
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate));
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_SHA256,
    signatureValue: bytesOf(sign('sha256', signed, signer.keys.privateKey)),
  });
  return pemOf(Buffer.from(AsnConvert.serialize(certificate)));
}

/** With the identifiers of both keys, which strict clients (Python's, from 3.13 on) insist on. */
function extensionsOf({ hosts, publicKey }: Claims, signer: Signer): Extension[] {
  const issuer = new AuthorityKeyIdentifier({
    keyIdentifier: new KeyIdentifier(idOf(signer.keys.publicKey)),
  });
  const identifiers = [
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(idOf(publicKey))),
    extension(id_ce_authorityKeyIdentifier, issuer),
  ];
  const authority = hosts === undefined;
  const own = [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: authority }), true),
    extension(id_ce_keyUsage, usage(authority), true),
  ];
  if (authority) return [...own, ...identifiers];
  return [
    ...own,
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, new SubjectAlternativeName(hosts.map(generalName))),
    ...identifiers,
  ];
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  const extnValue = new OctetString(AsnConvert.serialize(value));
  return new Extension({ extnID, critical, extnValue });
}

function usage(authority: boolean): KeyUsage {
  const { keyCertSign, cRLSign, digitalSignature } = KeyUsageFlags;
  return new KeyUsage(authority ? keyCertSign | cRLSign : digitalSignature);
}

function generalName(host: string): GeneralName {
  return new GeneralName(isIP(host) ? { iPAddress: host } : { dNSName: host });
}

function nameOf(text: string): Name {
  const value = new AttributeValue({ utf8String: text });
  return new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })]),
  ]);
}

/** Positive, so its first bit is not set; a DER integer has no leading zeros, so its second is. */
function serial(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8() & 0x3f) | 0x40);
  return bytesOf(bytes);
}

function idOf(key: KeyObject): ArrayBuffer {
  return bytesOf(createHash('sha1').update(spkiOf(key)).digest());
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** A small Buffer lies in a pool that others share: what is given away are its own bytes only. */
function bytesOf(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const COMMON_NAME = '2.5.4.3';
const ECDSA_SHA256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });

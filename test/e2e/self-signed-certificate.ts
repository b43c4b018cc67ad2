import { generateKeyPairSync, sign } from 'node:crypto';

/** One DER value: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([
    Buffer.from(body.length < 128 ? [tag, body.length] : [tag, 0x80 | size.length, ...size]),
    body,
  ]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const hex = (tag: number, digits: string) => der(tag, Buffer.from(digits, 'hex'));
const text = (tag: number, value: string) => der(tag, Buffer.from(value));

const COMMON_NAME = hex(0x06, '550403');
const ECDSA_WITH_SHA256 = hex(0x06, '2a8648ce3d040302');

/** A certificate (X.509 v1, RFC 5280) that nobody vouches for, made anew for each run. Node makes keys, but no certificates. */
export function selfSignedCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, 'test'))));
  const validity = sequence(text(0x18, '20200101000000Z'), text(0x18, '20991231235959Z'));
  const toSign = sequence(
    hex(0x02, '01'),
    sequence(ECDSA_WITH_SHA256),
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', toSign, privateKey)]);
  const certificate = sequence(toSign, sequence(ECDSA_WITH_SHA256), der(0x03, signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

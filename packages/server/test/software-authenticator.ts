import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { PasskeyAssertion, PasskeyRegistration } from '@parlour/protocol/passkeys';
import { isoCBOR } from '@simplewebauthn/server/helpers';

type Challenge = { handle: string; options: Record<string, unknown> };
type Credential = { id: Buffer; userHandle: Buffer; privateKey: KeyObject; publicKey: KeyObject; rpId: string };

/** What an attacker would change. */
export type Tampering = {
  origin?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  topOrigin?: string;
  rpId?: string;
  /** Bits of the authenticator data: 1 is present, 4 verified, 8 and 16 about backup, 64 a new credential. */
  flags?: number;
  counter?: number;
  userHandle?: string | undefined;
  id?: string;
  /** Signs with another key. */
  key?: KeyObject;
  attestation?: { fmt: string; attStmt: Map<string, unknown> };
};

const present = 1;
const verified = 4;
const attested = 64;

/** A passkey provider in software: P-256 keys and real signatures (WebAuthn level 3), found without naming anybody. */
export class SoftwareAuthenticator {
  readonly #origin: string;
  readonly #credentials: Credential[] = [];
  /** Rises with each signature where it is not 0. */
  counter = 0;

  constructor(origin = 'http://house.example') {
    this.#origin = origin;
  }

  create({ handle, options }: Challenge, tampering: Tampering = {}): PasskeyRegistration {
    const { challenge, rp, user } = options as {
      challenge: string;
      rp: { id: string };
      user: { id: string };
    };
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const userHandle = Buffer.from(user.id, 'base64url');
    const id = tampering.id === undefined ? randomBytes(16) : Buffer.from(tampering.id, 'base64url');
    this.#credentials.push({ id, userHandle, ...keys, rpId: rp.id });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const flags = tampering.flags ?? present | verified | attested;
    const authData = new Uint8Array(
      Buffer.concat([
        this.#authenticatorData(tampering.rpId ?? rp.id, flags, tampering.counter ?? this.counter),
        Buffer.alloc(16),
        length,
        id,
        coseKey(keys.publicKey),
      ]),
    );
    const { fmt, attStmt } = tampering.attestation ?? { fmt: 'none', attStmt: new Map() };
    const attestation = new Map<string, unknown>([
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', authData],
    ]);
    const encoded = isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0]);
    const text = id.toString('base64url');
    return {
      handle,
      response: {
        id: text,
        rawId: text,
        type: 'public-key',
        response: {
          clientDataJSON: this.#clientData('webauthn.create', challenge, tampering).toString('base64url'),
          attestationObject: Buffer.from(encoded).toString('base64url'),
          transports: ['internal'],
        },
      },
    };
  }

  /** Signs with the newest credential. */
  get({ handle, options }: Challenge, tampering: Tampering = {}): PasskeyAssertion {
    const credential = this.#credentials.at(-1);
    if (credential === undefined) throw new Error('There is no passkey in it.');
    if (this.counter > 0) this.counter += 1;
    const authenticatorData = this.#authenticatorData(
      tampering.rpId ?? credential.rpId,
      tampering.flags ?? present | verified,
      tampering.counter ?? this.counter,
    );
    const clientData = this.#clientData('webauthn.get', options['challenge'] as string, tampering);
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
    const id = tampering.id ?? credential.id.toString('base64url');
    const userHandle = 'userHandle' in tampering ? tampering.userHandle : credential.userHandle.toString('base64url');
    return {
      handle,
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authenticatorData.toString('base64url'),
          signature: sign('sha256', signed, tampering.key ?? credential.privateKey).toString('base64url'),
          ...(userHandle === undefined ? {} : { userHandle }),
        },
      },
    };
  }

  #clientData(
    type: string,
    challenge: string,
    { origin, topOrigin, crossOrigin = false, ...other }: Tampering,
  ): Buffer {
    const data = {
      type: other.type ?? type,
      challenge: other.challenge ?? challenge,
      origin: origin ?? this.#origin,
      crossOrigin,
      ...(topOrigin === undefined ? {} : { topOrigin }),
    };
    return Buffer.from(JSON.stringify(data));
  }

  #authenticatorData(rpId: string, flags: number, counter: number): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags, 0);
    tail.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), tail]);
  }
}

/** RFC 9052: an ES256 key on P-256. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
  return Buffer.from(isoCBOR.encode(key as Parameters<typeof isoCBOR.encode>[0]));
}

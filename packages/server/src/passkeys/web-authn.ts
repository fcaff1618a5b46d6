type Server = typeof import('@simplewebauthn/server');
type Helpers = typeof import('@simplewebauthn/server/helpers');

export type WebAuthn = Server & Pick<Helpers, 'decodeAttestationObject' | 'isoBase64URL'>;

/** The library takes 7 MiB, mostly for certificates: it is loaded when somebody first uses a passkey. */
export async function loadWebAuthn(): Promise<WebAuthn> {
  const [server, { decodeAttestationObject, isoBase64URL }] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ]);
  return { ...server, decodeAttestationObject, isoBase64URL };
}

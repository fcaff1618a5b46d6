import * as v from 'valibot';

/** Six digits from the app, or a recovery code; spaces and dashes do not count. */
export const code = v.object({
  code: v.pipe(
    v.string('A code must be text.'),
    v.trim(),
    v.minLength(1, 'The code is missing.'),
    v.maxLength(40, 'A code is not that long.'),
  ),
});
export type Code = v.InferOutput<typeof code>;

/** Whether signing in by password asks for a code, for the person only. */
export const secondFactor = v.object({
  on: v.boolean(),
  /** When it was turned on. */
  since: v.nullable(v.string()),
  recoveryCodesLeft: v.number(),
});
export type SecondFactor = v.InferOutput<typeof secondFactor>;

/** What an authenticator app needs: the secret in base 32, and the same as an `otpauth:` address for a QR code. */
export const secondFactorSetUp = v.object({ secret: v.string(), uri: v.string() });
export type SecondFactorSetUp = v.InferOutput<typeof secondFactorSetUp>;

/** Each works once. They are shown this once. */
export const recoveryCodes = v.object({ recoveryCodes: v.array(v.string()) });
export type RecoveryCodes = v.InferOutput<typeof recoveryCodes>;

/** Answered to the right password where a code is still to come. */
export const secondStep = v.object({ secondFactor: v.literal(true) });

const inAddresses = /((?:\/|%2f)(?:join|claim|invites)(?:\/|%2f))[\w%~.-]+/gi;

/** The same text without the codes of invites and claims, which are secrets that stand in addresses. For logs. */
export function hideCodes(text: string): string {
  return text.replaceAll(inAddresses, '$1…');
}

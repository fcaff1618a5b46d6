/** What a failure means to whoever runs the house, where the library's own words do not say so. */
export function explainBrokerFault(error: Error, vhost: string): string {
  // An attempt at several addresses fails with an error that has no message of its own.
  const said = error.message || (error as NodeJS.ErrnoException).code || error.name;
  if (said.startsWith('Expected ConnectionOpenOk')) return `it has no virtual host “${vhost}” for this user`;
  const isNonsense = /^(Frame size|Invalid frame|Unknown frame|Frame on channel|Expected ConnectionStart)/.test(said);
  return isNonsense ? 'what answers there does not speak AMQP 0-9-1' : said;
}

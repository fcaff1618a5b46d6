/** What a failure means to whoever runs the house, where the library's own words do not say so. */
export function explainBrokerFault(error: Error, vhost: string): string {
  // Node's codes are texts, AMQP's reply codes are numbers.
  const { code = '' } = error as { code?: string | number };
  // An attempt at several addresses fails with an error that has no message of its own.
  const said = error.message || String(code) || error.name;
  if (String(code).startsWith('ERR_SSL_')) return 'what answers there does not speak TLS';
  if (said.startsWith('Expected ConnectionOpenOk')) return `it has no virtual host “${vhost}” for this user`;
  const isNonsense = /^(Frame size|Invalid frame|Unknown frame|Frame on channel|Expected ConnectionStart)/.test(said);
  return isNonsense ? 'what answers there does not speak AMQP 0-9-1' : said;
}

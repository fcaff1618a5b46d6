export type LogFields = Record<string, unknown>;

/** One line of JSON an entry. Nobody passes passwords, cookies, tokens, tickets or codes in. */
export type Log = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};

export function createLog(write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  const entry =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields }, showError)}\n`);
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function showError(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  return value.cause === undefined ? { stack: value.stack } : { stack: value.stack, cause: value.cause };
}

import bowser from 'bowser';

export type Device = { browser: string; system: string };

/** What a browser calls itself, in words for its owner. Only a name: nothing is ever decided by it. */
export function nameDevice(userAgent: string): Device {
  const { browser, os } = userAgent === '' ? { browser: {}, os: {} } : bowser.parse(userAgent);
  return { browser: named(browser) ?? 'Unknown browser', system: named(os) ?? 'unknown system' };
}

function named({ name }: { name?: string | undefined }): string | undefined {
  return name === undefined || name === '' ? undefined : name;
}

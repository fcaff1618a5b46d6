import { expect, test } from 'vitest';
import { nameDevice } from './name-device.ts';

const chromium = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const browsers: Record<string, string> = {
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0': 'Firefox, Windows',
  [`Mozilla/5.0 (X11; Linux x86_64) ${chromium} Chrome/156.0.0.0 Safari/537.36`]: 'Chrome, Linux',
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${chromium} Chrome/140.0 Safari/537.36 Edg/140.0`]:
    'Microsoft Edge, macOS',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1':
    'Safari, iOS',
  'curl/8.5.0': 'Unknown browser, unknown system',
  '<script>alert(1)</script>': 'Unknown browser, unknown system',
  '': 'Unknown browser, unknown system',
};

test('a browser is called by its name, and by no name where it does not tell', () => {
  for (const [userAgent, words] of Object.entries(browsers)) {
    const { browser, system } = nameDevice(userAgent);
    expect(`${browser}, ${system}`).toBe(words);
  }
});

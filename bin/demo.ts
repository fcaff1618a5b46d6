import { makeDemo, NotADemo } from '../demo/make-demo.ts';
import { demoPassword, emailOf, personKeys } from '../demo/people.ts';

// Of the environment only, never of a `.env` file: that one belongs to a real house.
process.env['PARLOUR_DATA'] ??= './data/demo';
process.env['PARLOUR_NAME'] ??= 'Lantern Street';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await makeDemo(process.env['PARLOUR_DATA'], say);
} catch (error) {
  if (!(error instanceof NotADemo)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('./start.ts');
const [owner, ...others] = personKeys.map(emailOf);
say(
  `Sign in as ${owner}, who owns the house, or as ${others.slice(0, 3).join(', ')} …: the password is “${demoPassword}”.`,
);

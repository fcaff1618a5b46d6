import { runCommand } from '../packages/server/src/command-line.ts';
import { ConfigError, readEnvironment } from '../packages/server/src/config.ts';

try {
  const { code, lines } = await runCommand(process.argv.slice(2), readEnvironment(), (line) => {
    process.stdout.write(`${line}\n`);
  });
  (code === 0 ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

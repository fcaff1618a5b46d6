import { createApp } from '../../packages/server/src/app.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { listen } from '../../packages/server/src/listen.ts';
import { createLog } from '../../packages/server/src/log.ts';

const usual = {
  PORT: '0',
  PARLOUR_SIGN_UP: 'open',
  PARLOUR_RATE_LIMITS: 'off',
  // Longer than a run, because the load generator renews nothing.
  PARLOUR_TOKEN_TTL: '3600',
};

/** The whole server in this process, as it runs for people; its handlers are not yet given to its port. */
export async function openParlour(settings: Record<string, string>) {
  const config = readConfig({ ...usual, ...settings });
  const log = createLog();
  const listener = await listen(config.port, config.host);
  const app = await createApp(config, {
    port: listener.port,
    log,
    onFatal: (error) => {
      throw error;
    },
  });
  const close = async () => {
    await Promise.all([listener.close(), app.close()]);
  };
  return { app, listener, log, close };
}

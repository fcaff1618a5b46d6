import type { Page } from '@playwright/test';

/** The server's part is played for one send, which it refuses for good. Everything else goes to the real one. */
export async function refuseNextSend(page: Page, detail: string): Promise<void> {
  let isRefused = false;
  await page.routeWebSocket('**/api/socket', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      const { type, id, room } = JSON.parse(String(frame)) as { type: string; id?: string; room?: string };
      if (type !== 'send' || isRefused) return server.send(frame);
      isRefused = true;
      socket.send(JSON.stringify({ type: 'error', id, room, code: 'invalid_body', detail }));
    });
  });
}

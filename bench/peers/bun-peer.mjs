// The limit: publish and subscribe as Bun has it built in, in C++, with nothing around it. Runs on Bun.
import { serve } from 'bun';

const server = serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  development: false,
  fetch: (request, server) => (server.upgrade(request, { data: {} }) ? undefined : new Response(null, { status: 400 })),
  websocket: {
    perMessageDeflate: false,
    message(socket, text) {
      if (socket.data.room === undefined) {
        socket.data.room = text;
        socket.subscribe(text);
        socket.send(text);
      } else {
        server.publish(socket.data.room, text);
      }
    },
  },
});

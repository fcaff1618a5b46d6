import type { Server } from 'socket.io';

/** Rooms as Socket.IO's documentation writes them: who joins hears what is said, and nothing is kept. */
export function serveRooms(io: Server): void {
  io.on('connection', (socket) => {
    socket.on('join', async (room: string, acknowledge: () => void) => {
      await socket.join(room);
      acknowledge();
    });
    socket.on('message', (room: string, body: string, acknowledge?: () => void) => {
      io.to(room).emit('message', body);
      acknowledge?.();
    });
  });
}

import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';

/** The part of a socket's libuv handle that is used here. What is relied upon stands in docs/decisions/0009. */
export type Handle = {
  /** Tells 0 when the kernel has taken everything, the number of an error, or the request that waits for the kernel. */
  writeBuffer(request: null, data: Buffer): number | WriteRequest;
};
export type WriteRequest = {
  buffer: Buffer | null;
  oncomplete: ((status: number) => void) | null;
  /** How it ended, where that was before the call returned. */
  writeStatus: number | null;
};
type Opened = { readonly _handle?: Handle | null };

/** Who wrote, and writes nothing more until the kernel has taken that. */
export type Writer = { onWritten(): void };

/**
 * Writes to sockets past their streams, since a stream's bookkeeping costs a third of what the kernel does. It looks how
 * the stream itself uses its handle, and where that is not as expected, everything goes through the stream.
 */
export class SocketWriter {
  /** Undefined until the stream was seen writing. */
  #isAsExpected: boolean | undefined;

  /** What to write to directly; undefined where, or as long as, that is the stream's. */
  findHandle(socket: Socket): Handle | undefined {
    return this.#isAsExpected === true ? ((socket as Opened)._handle ?? undefined) : undefined;
  }

  /** Whether nothing of it waits. Otherwise `onWritten` is called later. A write that fails destroys the socket. */
  write(socket: Socket, handle: Handle | undefined, data: Buffer, writer: Writer): boolean {
    if (handle === undefined) {
      this.#writeByStream(socket, data, writer);
      return false;
    }
    const outcome = handle.writeBuffer(null, data);
    if (outcome === 0) return true;
    if (typeof outcome === 'number') fail(socket, outcome);
    else return !waitFor(outcome, socket, data, writer);
    return true;
  }

  #writeByStream(socket: Socket, data: Buffer, writer: Writer): void {
    const handle = (socket as Opened)._handle;
    const isUnknown = this.#isAsExpected === undefined && handle !== undefined && handle !== null;
    if (isUnknown) this.#watch(handle);
    socket.write(data, () => writer.onWritten());
    if (isUnknown) Reflect.deleteProperty(handle, 'writeBuffer');
  }

  #watch(handle: Handle): void {
    const { writeBuffer } = handle;
    if (typeof writeBuffer !== 'function') {
      this.#isAsExpected = false;
      return;
    }
    handle.writeBuffer = (request, data) => {
      const outcome = writeBuffer.call(handle, request, data);
      if (request !== null) this.#isAsExpected = false;
      // What the kernel did not take at once tells nothing yet.
      else if (outcome === 0) this.#isAsExpected = true;
      return outcome;
    };
  }
}

/** Whether there is anything to wait for. */
function waitFor(request: WriteRequest, socket: Socket, data: Buffer, writer: Writer): boolean {
  if (request.writeStatus !== null) {
    if (request.writeStatus !== 0) fail(socket, request.writeStatus);
    return false;
  }
  // The kernel reads from it until then: also where it has meanwhile taken everything, which is told later all the same.
  request.buffer = data;
  request.oncomplete = (status) => {
    if (status < 0) fail(socket, status);
    writer.onWritten();
  };
  return true;
}

function fail(socket: Socket, errno: number): void {
  const code = getSystemErrorName(errno);
  socket.destroy(Object.assign(new Error(`write ${code}`), { code, errno, syscall: 'write' }));
}

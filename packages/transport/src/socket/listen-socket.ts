import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {link, lstat, rename, rm} from 'node:fs/promises'
import {createServer} from 'node:net'
import {basename, dirname, join} from 'node:path'
import type {Transport} from '@holdfast/rpc'
import {errnoOf} from '../errors/is-gone.ts'
import {SocketError} from '../errors/socket-error.ts'
import {assertSocketPath, MAX_SOCKET_PATH_BYTES} from './socket-path.ts'
import {createStreamTransport, type StreamTransportOptions} from '../ndjson/stream-transport.ts'

export interface ListenSocketOptions extends StreamTransportOptions {
  /** Takes the path over from whatever is there. Only for whoever knows that nobody serves it. @default false */
  replace?: boolean
  /** Told of a connection that could not be accepted (`EMFILE`, say). @default ignored */
  onFault?: (error: Error) => void
}

export interface SocketListener {
  readonly path: string
  /** Accepts no more, and removes the file if it is still ours. Transports that were handed over live on. */
  close(): Promise<void>
}

/** Listens at a Unix socket that only this user may open (mode 0600). Rejects with `SocketError`. */
export async function listenSocket(
  path: string,
  onConnection: (transport: Transport) => void,
  options: ListenSocketOptions = {},
): Promise<SocketListener> {
  const {replace = false, onFault, ...streamOptions} = options
  assertSocketPath(path)
  const server = createServer((socket) =>
    onConnection(createStreamTransport({readable: socket, writable: socket}, streamOptions)),
  )

  // Node removes the file that it bound when the server closes, by name, even when it is somebody else's by then: a
  // host that was replaced would cut off its successor. So it binds a name of its own, which then moves to the path.
  const boundPath = join(dirname(path), randomUUID().slice(0, roomFor(path)))
  // The mode is there from the beginning: a chmod would come a moment late.
  const umask = process.umask(0o177)
  try {
    server.listen(boundPath)
  } finally {
    process.umask(umask)
  }
  let ours: bigint
  try {
    await once(server, 'listening')
    ours = await inodeOf(boundPath)
    if (replace) await rename(boundPath, path)
    else await link(boundPath, path).finally(() => rm(boundPath))
  } catch (cause) {
    server.close()
    throw toSocketError(path, cause)
  }
  server.on('error', (error) => onFault?.(error))

  return {
    path,
    async close() {
      // Before the server closes: until then, no other file can have its inode.
      const found = await inodeOf(path).catch(() => undefined)
      if (found === ours) await rm(path, {force: true})
      server.close()
    },
  }
}

/** Bytes that the name of a socket in the same folder may have. */
function roomFor(path: string): number {
  return MAX_SOCKET_PATH_BYTES - Buffer.byteLength(path) + Buffer.byteLength(basename(path))
}

async function inodeOf(path: string): Promise<bigint> {
  return (await lstat(path, {bigint: true})).ino
}

function toSocketError(path: string, cause: unknown): SocketError {
  const errno = errnoOf(cause)
  if (errno === 'EEXIST') {
    return new SocketError('in-use', `Expected \`${path}\` to be free, got a file that is there already`, {cause})
  }
  return new SocketError('failed', `Expected to listen at \`${path}\`, got \`${errno ?? String(cause)}\``, {cause})
}

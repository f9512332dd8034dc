import {once} from 'node:events'
import {promises as fs} from 'node:fs'
import {createServer} from 'node:net'
import {basename, dirname, join} from 'node:path'
import type {Transport} from '@holdfast/rpc'
import {errnoOf} from '../errors/is-gone.ts'
import {createReadBudget, createWriteBudget} from '../messages/peer-budget.ts'
import {SocketError} from '../errors/socket-error.ts'
import {assertSocketPath, MAX_SOCKET_PATH_BYTES} from './socket-path.ts'
import {createStreamTransport, type StreamTransportOptions} from '../ndjson/stream-transport.ts'

export interface ListenSocketOptions extends StreamTransportOptions {
  /** Replaces a file at the path. Only for a caller that knows that no server uses it. @default false */
  replace?: boolean
  /** Reports a connection that could not be accepted, for example with `EMFILE`. @default ignored */
  onFault?: (error: Error) => void
}

export interface SocketListener {
  readonly path: string
  /** Accepts no more connections, and removes the file unless another server has replaced it. Open transports stay open. */
  close(): Promise<void>
}

/** Listens at a Unix socket that only this user may open (mode 0600). Rejects with `SocketError`. */
export async function listenSocket(
  path: string,
  onConnection: (transport: Transport) => void,
  options: ListenSocketOptions = {},
): Promise<SocketListener> {
  const {replace = false, onFault, ...givenOptions} = options
  const streamOptions = {readBudget: createReadBudget(), writeBudget: createWriteBudget(), ...givenOptions}
  assertSocketPath(path)
  const server = createServer((socket) =>
    onConnection(createStreamTransport({readable: socket, writable: socket}, streamOptions)),
  )

  // When a server closes, Node removes the file that it bound, by name, even if another server has replaced it meanwhile.
  // So this one binds a name of its own and then moves the file to the path.
  const boundPath = join(dirname(path), crypto.randomUUID().slice(0, roomFor(path)))
  // Sets the mode with the file: before a chmod, other users could connect.
  const umask = process.umask(0o177)
  try {
    server.listen(boundPath)
  } finally {
    process.umask(umask)
  }
  let inode: bigint
  try {
    await once(server, 'listening')
    inode = await inodeOf(boundPath)
    if (replace) await fs.rename(boundPath, path)
    else await fs.link(boundPath, path).finally(() => fs.rm(boundPath))
  } catch (cause) {
    server.close()
    throw toSocketError(path, cause)
  }
  server.on('error', (error) => onFault?.(error))

  return {
    path,
    async close() {
      // Until the server closes, no other file can have its inode.
      const found = await inodeOf(path).catch(() => undefined)
      if (found === inode) await fs.rm(path, {force: true})
      server.close()
    },
  }
}

/** The longest name of a socket in the folder of `path`, bytes. */
function roomFor(path: string): number {
  return MAX_SOCKET_PATH_BYTES - Buffer.byteLength(path) + Buffer.byteLength(basename(path))
}

async function inodeOf(path: string): Promise<bigint> {
  return (await fs.lstat(path, {bigint: true})).ino
}

function toSocketError(path: string, cause: unknown): SocketError {
  const errno = errnoOf(cause)
  if (errno === 'EEXIST') {
    return new SocketError(
      'in-use',
      `\`${path}\` exists already: choose another path, or \`replace\` it if no server uses it`,
      {cause},
    )
  }
  return new SocketError('failed', `Could not listen at \`${path}\`: ${errno ?? String(cause)}`, {cause})
}

import {SocketError} from '../errors/socket-error.ts'

/** The longest path that fits into a socket address, bytes: 107 on Linux, 103 on macOS and the BSDs. */
export const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103

/** Throws for a path that the system would truncate, which would open another socket. */
export function assertSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes > 0 && bytes <= MAX_SOCKET_PATH_BYTES) return
  throw new SocketError(
    'path-too-long',
    `Expected a socket path of 1 to ${MAX_SOCKET_PATH_BYTES} bytes, got ${bytes}: \`${path}\``,
  )
}

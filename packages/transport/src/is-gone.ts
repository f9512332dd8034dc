export interface IsGoneOptions {
  operation: 'read' | 'write'
  /** The stream is a terminal. @default false */
  terminal?: boolean
  /** @default process.platform */
  platform?: NodeJS.Platform
}

const BOTH = ['read', 'write'] as const

/** At which operations an error code says that nobody is at the other end any more. */
const goneAt: Readonly<Record<string, readonly IsGoneOptions['operation'][]>> = {
  EPIPE: BOTH,
  ECONNRESET: BOTH,
  ECONNABORTED: BOTH,
  ENOTCONN: BOTH,
  ESHUTDOWN: BOTH,
  EBADF: BOTH,
  ERR_STREAM_DESTROYED: BOTH,
  ERR_STREAM_PREMATURE_CLOSE: BOTH,
  ERR_STREAM_WRITE_AFTER_END: ['write'],
}

const goneAtTerminal: typeof goneAt = {EIO: BOTH}

const goneOnWindows: typeof goneAt = {EINVAL: BOTH, EOF: BOTH}

/**
 * Whether this error of a stream means that the peer is gone. All others (ENOSPC, EACCES, EMFILE, …) are faults of our
 * own, which somebody has to hear of.
 */
export function isGone(error: unknown, options: IsGoneOptions): boolean {
  const {operation, terminal = false, platform = process.platform} = options
  const code = errnoOf(error)
  if (code === undefined) return false
  const tables = [goneAt, ...(terminal ? [goneAtTerminal] : []), ...(platform === 'win32' ? [goneOnWindows] : [])]
  return tables.some((table) => Object.hasOwn(table, code) && table[code]!.includes(operation))
}

/** The code that Node gives an error of the system, such as `EPIPE`. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as {code?: unknown} | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

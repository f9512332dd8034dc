export interface IsGoneOptions {
  operation: 'read' | 'write'
  /** The stream is a terminal. @default false */
  terminal?: boolean
  /** @default process.platform */
  platform?: NodeJS.Platform
}

type Where = 'always' | 'terminal' | 'windows' | 'never'

/** Which errors of a stream say that nobody is at the other end any more. All others are faults of our own. */
const GONE: Readonly<Record<string, Readonly<Record<IsGoneOptions['operation'], Where>>>> = {
  EPIPE: {read: 'always', write: 'always'},
  ECONNRESET: {read: 'always', write: 'always'},
  ECONNABORTED: {read: 'always', write: 'always'},
  ENOTCONN: {read: 'always', write: 'always'},
  ESHUTDOWN: {read: 'always', write: 'always'},
  ETIMEDOUT: {read: 'always', write: 'always'},
  EBADF: {read: 'always', write: 'always'},
  ERR_STREAM_DESTROYED: {read: 'always', write: 'always'},
  ERR_STREAM_PREMATURE_CLOSE: {read: 'always', write: 'always'},
  ERR_STREAM_WRITE_AFTER_END: {read: 'never', write: 'always'},
  /** A terminal whose window was closed. */
  EIO: {read: 'terminal', write: 'terminal'},
  /** A pipe that was severed, as Windows says it. */
  EINVAL: {read: 'windows', write: 'windows'},
  EOF: {read: 'windows', write: 'windows'},
}

/**
 * Whether this error of a stream means that the peer is gone. All others (ENOSPC, EACCES, EMFILE, …) are faults of our
 * own, which somebody has to hear of.
 */
export function isGone(error: unknown, options: IsGoneOptions): boolean {
  const {operation, terminal = false, platform = process.platform} = options
  const code = errnoOf(error)
  if (code === undefined || !Object.hasOwn(GONE, code)) return false
  const where = GONE[code]![operation]
  return where === 'always' || (where === 'terminal' && terminal) || (where === 'windows' && platform === 'win32')
}

/** The code that Node gives an error of the system, such as `EPIPE`. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as {code?: unknown} | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

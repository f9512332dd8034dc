import type {CloseReason} from '@holdfast/rpc'

export interface IsGoneOptions {
  operation: 'read' | 'write'
  /** Whether the stream is a terminal. @default false */
  terminal?: boolean
  /** @default process.platform */
  platform?: NodeJS.Platform
}

type Where = 'always' | 'terminal' | 'windows' | 'never'

/** The stream errors that show that the peer is gone, and where they do. All others are faults on this side. */
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
  /** The user closed the window of a terminal. */
  EIO: {read: 'terminal', write: 'terminal'},
  /** A broken pipe on Windows. */
  EINVAL: {read: 'windows', write: 'windows'},
  EOF: {read: 'windows', write: 'windows'},
}

/**
 * Whether a stream error means that the peer is gone. Other errors (ENOSPC, EACCES, EMFILE, …) are faults on this side,
 * which a program should report.
 */
export function isGone(error: unknown, options: IsGoneOptions): boolean {
  const {operation, terminal = false, platform = process.platform} = options
  const code = errnoOf(error)
  if (code === undefined || !Object.hasOwn(GONE, code)) return false
  const where = GONE[code]![operation]
  return where === 'always' || (where === 'terminal' && terminal) || (where === 'windows' && platform === 'win32')
}

/** The error code that Node gives a system error, such as `EPIPE`. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as {code?: unknown} | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** Describes why a stream ended. `what` names it, such as `stream`; `terminal`: whether it is a terminal. */
export function closeReasonOf(error: Error, what: string, terminal = false): CloseReason {
  // The 'error' event of a socket serves both directions.
  const operation = (error as NodeJS.ErrnoException).syscall === 'read' ? 'read' : 'write'
  const errno = errnoOf(error)
  return {
    by: isGone(error, {operation, terminal}) ? 'peer' : 'fault',
    message: `the ${what} failed: ${error.message}`,
    ...(errno !== undefined && {errno}),
  }
}

import {ShellError} from '../shell-error.ts'

const MAX_INPUT_BYTES = 1_048_576

/** Throws `input-overflow` if more than 1 MiB of input would be unread. */
export function requireRoom(unreadBytes: number): void {
  if (unreadBytes <= MAX_INPUT_BYTES) return
  const message = `${unreadBytes} bytes of input are unread, more than ${MAX_INPUT_BYTES}: wait until the program reads`
  throw new ShellError('input-overflow', message)
}

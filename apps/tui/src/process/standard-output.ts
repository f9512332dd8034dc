import {constants} from 'node:os'

import {UserError} from './user-error.ts'

/** Where transcripts and exports are written. */
export interface OutputStream {
  write(data: string | Uint8Array): void
  /** A slow reader lags behind: write nothing until `flushed` resolves. */
  readonly isFull: boolean
  /** Resolves when all data has been handed to the system, or never can be. */
  flushed(): Promise<void>
}

/** stdout cannot be written to any more. */
export type OutputGone =
  /** Its reader closed it, as in `holdfast show ID | head`. The exit code is SIGPIPE's. */
  {kind: 'reader-gone'; exitCode: number} | {kind: 'failed'; message: string}

export interface StandardOutput extends OutputStream {
  readonly isTerminal: boolean
  /** All data has been handed to the system. */
  readonly isWritten: boolean
  readonly gone: Promise<OutputGone>
}

/** Bytes that may wait for a slow reader. */
const maxWaitingBytes = 4 * 1024 * 1024

/** stdout of this process. Opened when it is first needed, as opening takes a millisecond. */
export function openStandardOutput(): StandardOutput {
  const gone = Promise.withResolvers<OutputGone>()
  let opened: NodeJS.WriteStream | undefined
  const open = () => (opened ??= openStdout(gone.resolve))
  return {
    get isTerminal() {
      return open().isTTY ?? false
    },
    get isFull() {
      return opened !== undefined && opened.writableLength > maxWaitingBytes
    },
    get isWritten() {
      return opened === undefined || opened.writableLength === 0
    },
    write: (data) => void open().write(data),
    async flushed() {
      if (opened === undefined) return
      const {promise, resolve} = Promise.withResolvers<void>()
      opened.write('', (error) => (error ? void gone.promise.then(() => resolve()) : resolve()))
      await promise
    },
    gone: gone.promise,
  }
}

function openStdout(onGone: (gone: OutputGone) => void): NodeJS.WriteStream {
  const {stdout} = process
  stdout.on('error', ({code, message}: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'EIO') onGone({kind: 'reader-gone', exitCode: 128 + constants.signals.SIGPIPE})
    else onGone({kind: 'failed', message: `writing to stdout failed: ${message}`})
  })
  return stdout
}

/** Prints lines, each with a line end. */
export async function printLines(lines: readonly string[]): Promise<void> {
  await withStandardOutput(async ({write}) => write(lines.map((line) => `${line}\n`).join('')))
}

/** Runs `use` until it is done and everything is written, or stdout cannot be written to any more. */
export async function withStandardOutput(use: (stdout: StandardOutput) => Promise<void>): Promise<void> {
  const stdout = openStandardOutput()
  const used = use(stdout).then(stdout.flushed)
  const gone = await Promise.race([used, stdout.gone])
  if (gone?.kind === 'failed') throw new UserError(gone.message, {code: 'output_failed'})
  if (gone?.kind === 'reader-gone') process.exitCode = gone.exitCode
}

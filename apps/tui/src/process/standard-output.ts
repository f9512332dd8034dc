import {constants} from 'node:os'

import type {Sink} from './output-stream.ts'
import {UserError} from './user-error.ts'

/** Nobody can be written to any more. */
export type OutputGone =
  /** Its reader has had enough, as in `holdfast show ID | head`. The status is as of one whom SIGPIPE ended. */
  {kind: 'left'; exitCode: number} | {kind: 'failed'; message: string}

export interface StandardOutput extends Sink {
  readonly isTerminal: boolean
  /** The system has all that was printed. */
  readonly isWritten: boolean
  readonly gone: Promise<OutputGone>
}

/** Bytes that may wait for the reader. */
const maxWaitingBytes = 4 * 1024 * 1024

/** This process's stdout. It is opened when it is first needed: that takes a millisecond or more. */
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
    if (code === 'EPIPE' || code === 'EIO') onGone({kind: 'left', exitCode: 128 + constants.signals.SIGPIPE})
    else onGone({kind: 'failed', message: `what was printed could not be written: ${message}`})
  })
  return stdout
}

/** Does something that prints, until it is done and all is written, or nobody can be written to any more. */
export async function withStandardOutput(use: (stdout: StandardOutput) => Promise<void>): Promise<void> {
  const stdout = openStandardOutput()
  const used = use(stdout).then(stdout.flushed)
  const gone = await Promise.race([used, stdout.gone])
  if (gone?.kind === 'failed') throw new UserError(gone.message)
  if (gone?.kind === 'left') process.exitCode = gone.exitCode
}

import {constants} from 'node:os'

import type {Sink} from '../transcript/sink.ts'
import {UserError} from '../user-error.ts'

/** Nobody can be written to any more. */
export type OutputGone =
  /** Its reader has had enough, as in `holdfast show ID | head`. The status is as of one whom SIGPIPE ended. */
  {kind: 'left'; exitCode: number} | {kind: 'failed'; message: string}

export interface StandardOutput extends Sink {
  readonly isTerminal: boolean
  readonly gone: Promise<OutputGone>
}

/** Bytes that may wait for the reader. */
const maxWaitingBytes = 4 * 1024 * 1024

/** This process's stdout. */
export function openStandardOutput(): StandardOutput {
  const {stdout} = process
  const gone = Promise.withResolvers<OutputGone>()
  stdout.on('error', ({code, message}: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'EIO') gone.resolve({kind: 'left', exitCode: 128 + constants.signals.SIGPIPE})
    else gone.resolve({kind: 'failed', message: `what was printed could not be written: ${message}`})
  })
  return {
    isTerminal: stdout.isTTY ?? false,
    get isFull() {
      return stdout.writableLength > maxWaitingBytes
    },
    write: (data) => void stdout.write(data),
    flushed: () =>
      new Promise((resolve) => {
        stdout.write('', (error) => (error ? void gone.promise.then(() => resolve()) : resolve()))
      }),
    gone: gone.promise,
  }
}

/** Does something that prints, until it is done and all is written, or nobody can be written to any more. */
export async function withStandardOutput(use: (stdout: StandardOutput) => Promise<void>): Promise<void> {
  const stdout = openStandardOutput()
  const used = use(stdout).then(stdout.flushed)
  const gone = await Promise.race([used, stdout.gone])
  if (gone?.kind === 'failed') throw new UserError(gone.message)
  if (gone?.kind === 'left') process.exitCode = gone.exitCode
}

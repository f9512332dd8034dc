import {randomBytes} from 'node:crypto'
import {closeSync, constants, open, openSync, rmSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {Socket} from 'node:net'
import {join} from 'node:path'

import {ShellError} from '../shell-error.ts'
import {runTool} from '../pty/run-tool.ts'

/** The stdin of one command that is not its terminal: a named pipe, because a terminal changes bytes and has no end. */
export interface CommandStdin {
  /** For `RunOptions.stdin`. */
  readonly path: string
  /** Bytes that the pipe has not taken. */
  readonly waitingBytes: number
  /** The command reads no more, or is over. */
  readonly isGone: boolean
  /** Writes bytes, in order. Drops them once the command reads no more. */
  write(data: Uint8Array): void
  /** Resolves when the pipe has taken something, or nobody reads it any more. */
  drained(): Promise<void>
  /** The command reads the end after all bytes. */
  end(): void
  /** The command is over: gives everything up, and removes the pipe. */
  close(): void
}

/** Creates the pipe in a folder. Rejects with `not-startable` if the system does not let it. */
export async function openCommandStdin(folder: string): Promise<CommandStdin> {
  const path = join(folder, `stdin-${randomBytes(4).toString('hex')}`)
  await mkdir(folder, {recursive: true, mode: 0o700})
  const {exitCode, output} = await runTool('mkfifo', ['-m', '600', path])
  if (exitCode !== 0) throw new ShellError('not-startable', `cannot create a pipe for stdin: ${output.trim()}`)

  const waiting: Uint8Array[] = []
  let waitingBytes = 0
  let pipe: Socket | undefined
  let hasEnded = false
  let isClosed = false
  let isOpening = true
  /** A reader of our own, without which the opening would wait for ever. */
  let reader: number | undefined
  let progress = Promise.withResolvers<void>()

  const tellProgress = () => {
    progress.resolve()
    progress = Promise.withResolvers()
  }
  const send = (to: Socket) => {
    for (const data of waiting.splice(0)) {
      to.write(data, () => {
        waitingBytes -= data.length
        tellProgress()
        endIfEmpty()
      })
    }
    endIfEmpty()
  }
  /** Not `pipe.end`: that shuts a socket down, which this is not. */
  const endIfEmpty = () => {
    if (hasEnded && waitingBytes === 0) pipe?.destroy()
  }
  // In a thread of its own: it waits until the shell opens the pipe for the command.
  open(path, constants.O_WRONLY, (error, fd) => {
    isOpening = false
    rmSync(path, {force: true})
    if (reader !== undefined) closeSync(reader)
    if (error !== null) return
    if (isClosed) return closeSync(fd)
    pipe = new Socket({fd, readable: false, writable: true})
    // The command reads no more. What is written from now on is dropped.
    pipe.on('error', () => undefined)
    pipe.on('close', () => {
      isClosed = true
      waitingBytes = 0
      tellProgress()
    })
    send(pipe)
  })

  return {
    path,
    get waitingBytes() {
      return waitingBytes
    },
    get isGone() {
      return isClosed
    },
    write(data) {
      if (isClosed || hasEnded || data.length === 0) return
      waiting.push(data)
      waitingBytes += data.length
      if (pipe !== undefined) send(pipe)
    },
    drained: () => progress.promise,
    end() {
      hasEnded = true
      endIfEmpty()
    },
    close() {
      isClosed = true
      waitingBytes = 0
      pipe?.destroy()
      if (isOpening) reader ??= openReader(path)
      tellProgress()
    },
  }
}

function openReader(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    // It has been removed: so the opening has failed, too.
    return undefined
  }
}

import {closeSync, constants, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {Socket} from 'node:net'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {endPrograms} from '../close/end-programs.ts'
import {createShellPrograms} from '../close/shell-programs.ts'
import {openChannel, type Channel} from '../pty/channel.ts'
import {startPty} from '../pty/pty.ts'
import type {SideShell} from './side-shell.ts'

export interface SideProcessOptions {
  /** Path of the shell. */
  path: string
  sideShell: SideShell
  env: Readonly<Record<string, string>>
  /** A private folder, which it shares with the processes before it. */
  folder: string
  /** Its number among them. */
  generation: number
}

/** A shell that completes, beside the one in which commands run. What it prints to its terminal is dropped. */
export interface SideProcess {
  readonly isGone: boolean
  /**
   * Makes it run a script, which answers with one message; undefined if it does not answer until `signal` aborts. It must not
   * be asked again before that.
   */
  ask(script: string, signal: AbortSignal): Promise<string | undefined>
  /** Ends it and all programs that it has started, at once. */
  close(): Promise<void>
}

/** The longest answer, bytes. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024
/** A process that has become larger than this is not asked again, bytes. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024
const PAGE_BYTES = 4096
/** How often to look whether the process waits for a request, ms. */
const LOOK_MS = 1

/** Throws if the system cannot create another terminal, process or file. */
export function startSideProcess({path, sideShell, env, folder, generation}: SideProcessOptions): SideProcess {
  const requests = join(folder, `requests-${generation}`)
  let onAnswer: ((text: string | undefined) => void) | undefined
  let isGone = false
  const answers = openChannel({
    maxBytes: MAX_ANSWER_BYTES,
    onMessage: (text) => onAnswer?.(text),
    onTooLong: () => onAnswer?.(undefined),
  })
  const start = () => {
    const {args, env: more, files} = sideShell.start({folder, requests, answers: answers.path})
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, {mode: 0o600})
    const size = {cols: 80, rows: 24}
    return startPty(path, args, {cwd: folder, env: {...env, ...more}, size, onData: () => undefined})
  }
  const pty = orClose(answers, start)
  const programs = createShellPrograms(pty.pid)
  void pty.exited.then(() => {
    isGone = true
    programs.noteExit()
    answers.close()
    rmSync(requests, {force: true})
    onAnswer?.(undefined)
  })

  /** Opens the pipe when the process waits at its other end. */
  const openRequests = async (signal: AbortSignal): Promise<number | undefined> => {
    while (!isGone && !signal.aborted) {
      try {
        return openSync(requests, constants.O_WRONLY | constants.O_NONBLOCK)
      } catch {
        await delay(LOOK_MS)
      }
    }
    return undefined
  }

  return {
    get isGone() {
      return isGone || residentBytes(pty.pid) > MAX_MEMORY_BYTES
    },
    async ask(script, signal) {
      const fd = await openRequests(signal)
      if (fd === undefined) return undefined
      const answer = Promise.withResolvers<string | undefined>()
      onAnswer = answer.resolve
      const abort = () => answer.resolve(undefined)
      signal.addEventListener('abort', abort, {once: true})
      const pipe = openPipe(fd)
      pipe.end(script)
      try {
        return await answer.promise
      } finally {
        onAnswer = undefined
        signal.removeEventListener('abort', abort)
        pipe.destroy()
      }
    },
    close: () => endPrograms(pty.pid, programs, {graceMs: 0, killAfterMs: 0}),
  }
}

function orClose<Result>(channel: Channel, start: () => Result): Result {
  try {
    return start()
  } catch (error) {
    channel.close()
    throw error
  }
}

function openPipe(fd: number): Socket {
  try {
    const pipe = new Socket({fd, readable: false, writable: true})
    // The process was ended while it read.
    return pipe.on('error', () => undefined)
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** 0 where there is no /proc. */
function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES
  } catch {
    return 0
  }
}

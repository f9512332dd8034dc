import {setTimeout as delay} from 'node:timers/promises'

import {readProcessStat} from '../process-stat.ts'
import type {ShellPrograms} from './shell-programs.ts'

export interface CloseOptions {
  /** How long programs may take to end after the hang-up, before they get SIGTERM, ms. @default 250 */
  graceMs?: number
  /** The time from SIGTERM to SIGKILL, ms. @default 250 */
  killAfterMs?: number
}

export interface EndOptions extends CloseOptions {
  /** Awaited before the hang-up. */
  beforeHangUp?(): Promise<void>
}

/**
 * bash only records a hang-up that arrives while it opens its line editor, and acts on the second. One that still works is
 * left alone: at the second hang-up, bash exits in the middle of writing its history.
 */
const HANG_UP_AGAIN_MS = 50
const LOOK_EVERY_MS = 25
/** Programs may start others while they are killed. One that the kernel cannot end, as it waits for a device, is left. */
const MAX_KILLS = 10

/** Programs that are being ended. When this process exits, nothing else would end them. */
const ending = new Set<ShellPrograms>()
const killAll = () => ending.forEach(kill)

/**
 * Ends a shell and its programs: SIGHUP, as closing a terminal does, then SIGTERM, then SIGKILL. Resolves when they are gone.
 */
export async function endPrograms(shell: number, programs: ShellPrograms, options: EndOptions = {}): Promise<void> {
  if (ending.size === 0) process.on('exit', killAll)
  ending.add(programs)
  try {
    await options.beforeHangUp?.()
    await endInSteps(shell, programs, options)
  } finally {
    ending.delete(programs)
    if (ending.size === 0) process.off('exit', killAll)
  }
}

async function endInSteps(
  shell: number,
  programs: ShellPrograms,
  {graceMs = 250, killAfterMs = 250}: CloseOptions,
): Promise<void> {
  // Before their parents exit: descendants are found by those.
  let running = programs.find()
  /**
   * Returns false once none is left. Counts from now, not from the begin: a signal that is sent late, because this process was
   * not scheduled, still gives programs its whole time before the next one.
   */
  const wait = async (ms: number) => {
    const endAt = performance.now() + ms
    for (let left = ms; running.length > 0 && left > 0; left = endAt - performance.now()) {
      await delay(Math.min(LOOK_EVERY_MS, Math.max(1, left)))
      running = programs.find()
    }
    return running.length > 0
  }

  // A shell ends its jobs in its own way, and reports no end of a command that was hung up before itself.
  ask(running.includes(shell) ? [shell] : running, 'SIGHUP')
  const againMs = Math.min(HANG_UP_AGAIN_MS, graceMs)
  if (!(await wait(againMs))) return
  ask(running.filter(isAsleep), 'SIGHUP')
  if (!(await wait(graceMs - againMs))) return
  ask(running, 'SIGTERM')
  if (!(await wait(killAfterMs))) return
  for (let kills = 0; running.length > 0 && kills < MAX_KILLS; kills++) {
    kill(programs)
    await wait(1)
  }
}

function kill(programs: ShellPrograms): void {
  programs.find().forEach((pid) => send(pid, 'SIGKILL'))
}

function isAsleep(pid: number): boolean {
  return readProcessStat(pid)?.isSleeping !== false
}

/** A stopped process gets a signal only when it continues. */
function ask(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    send(pid, signal)
    send(pid, 'SIGCONT')
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone, or belongs to another user, as under `sudo`.
  }
}

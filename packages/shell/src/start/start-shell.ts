import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {setTimeout} from 'node:timers/promises'

import {createNonce} from '@holdfast/run-completion'

import {createCompleter, type Completer} from '../complete/completer.ts'
import {createShellCompleter} from '../complete/shell-completer.ts'
import {hookShell} from '../hooks/hook-shell.ts'
import {openHookedShell} from '../open/open-hooked-shell.ts'
import {openSentinelShell} from '../open/open-sentinel-shell.ts'
import type {OpenedShell} from '../open/opened-shell.ts'
import {ShellError} from '../shell-error.ts'
import type {Shell, Size} from '../shell.ts'
import {findReplacement, type Replacement} from './find-replacement.ts'
import {findShell, hookedNameOf} from './find-shell.ts'
import {requireFolder} from './require-folder.ts'
import {sentinelEnvironment, shellEnvironment} from './shell-environment.ts'

export interface ShellOptions {
  /**
   * A path, or a name on `$PATH`. bash 4.4, zsh 5.1, fish 3.2 or newer, and dash get hooks; any other shell needs POSIX
   * syntax, and gets a sentinel line after each command. @default `$SHELL`, else the first bash, zsh or sh on `$PATH`
   */
  path?: string | undefined
  /** The folder in which the shell starts. */
  cwd: string
  /** The shell's environment, to which TERM is added. @default process.env */
  env?: Readonly<Record<string, string | undefined>>
  /** Where the shell gets a private folder for the files of its hooks. Created if it is missing. @default os.tmpdir() */
  temporary?: string | undefined
  /** @default 80 columns, 24 rows */
  size?: Size
  /** How long the user's start files may take, ms. @default 30_000 */
  startTimeoutMs?: number
  /** Cancels the start: the shell is ended, and the promise rejects with `closed`. */
  signal?: AbortSignal
}

/** The interval of the check whether a start file has replaced the shell by another. */
const CHECK_MS = 100
/** The last of these starts ignores a replacement. */
const MAX_STARTS = 4
/** The longest delay of a timer in Node. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Starts an interactive shell with the user's start files, on a PTY of its own. Resolves at its first prompt. Rejects with
 * `not-startable` (no such shell or folder, or the shell ended first), `start-timed-out` or `closed`, and then leaves no
 * process behind.
 */
export async function startShell(options: ShellOptions): Promise<Shell> {
  const {cwd, env = process.env, startTimeoutMs = 30_000} = options
  requireFolder(cwd, 'a shell')
  const deadline = performance.now() + startTimeoutMs
  let next: Start = {path: findShell(options.path, env), env, isUnhookable: false}
  for (let starts = 1; ; starts++) {
    const leftMs = Math.max(1, deadline - performance.now())
    const result = await startOnce(next, {...options, startTimeoutMs: leftMs}, starts < MAX_STARTS)
    if ('shell' in result) return result.shell
    next = result.next
  }
}

interface Start {
  path: string
  env: Readonly<Record<string, string | undefined>>
  isUnhookable: boolean
}

/** Starts this shell, or returns the one to start instead. */
async function startOnce(
  start: Start,
  options: ShellOptions,
  mayReplace: boolean,
): Promise<{shell: Shell} | {next: Start}> {
  const {path, env, isUnhookable} = start
  const {cwd, size = {cols: 80, rows: 24}, temporary = tmpdir()} = options
  const name = isUnhookable ? undefined : hookedNameOf(path)
  if (name === undefined) {
    const shellEnv = sentinelEnvironment(env, cwd)
    const completer = createCompleter({path, side: undefined, syntax: 'posix', env: shellEnv, temporary})
    const opened = openSentinelShell({path, cwd, env: shellEnv, size, completer})
    await waitForPrompt(opened, options, false)
    return {shell: opened.shell}
  }
  await mkdir(temporary, {recursive: true, mode: 0o700})
  const folder = await mkdtemp(join(temporary, 'holdfast-'))
  const stateLink = join(folder, 'state')
  const hooked = hookShell(name, {nonce: createNonce(), folder, env, stateLink, asSh: basename(path) === 'sh'})
  let keepsFolder = false
  let completer: Completer | undefined
  try {
    await Promise.all(
      Object.entries(hooked.files).map(([file, text]) => writeFile(join(folder, file), text, {mode: 0o600})),
    )
    const shellEnv = {...shellEnvironment(env, cwd), ...hooked.env}
    completer = createShellCompleter({name, path, env: shellEnv, stateLink, temporary})
    const opened = openHookedShell({path, name, hooked, folder, cwd, env: shellEnv, size, completer})
    const first = await waitForPrompt(opened, options, mayReplace)
    if (first === 'unhookable') return {next: {...start, isUnhookable: true}}
    if (first !== 'ready') return {next: {...first, isUnhookable: false}}
    keepsFolder = true
    // fish reads its file again where it has lost its hooks.
    if (hooked.takesTextFile !== true)
      await Promise.all(Object.keys(hooked.files).map((file) => rm(join(folder, file), {force: true})))
    return {shell: opened.shell}
  } finally {
    if (!keepsFolder) {
      await completer?.close()
      await rm(folder, {recursive: true, force: true})
    }
  }
}

/** Resolves to `ready` at the first prompt. Else ends the shell, and resolves to the reason for another start, or throws. */
async function waitForPrompt(
  {shell, started, startOutput}: OpenedShell,
  {startTimeoutMs = 30_000, signal: cancelled}: ShellOptions,
  mayReplace: boolean,
): Promise<'ready' | 'unhookable' | Replacement> {
  const waiting = new AbortController()
  const {signal} = waiting
  const first = await Promise.race([
    started,
    shell.closed,
    setTimeout(Math.min(startTimeoutMs, MAX_TIMER_MS), 'timed-out' as const, {signal}),
    ...(cancelled ? [untilAborted(cancelled, signal)] : []),
    ...(mayReplace ? [untilReplaced(shell, signal)] : []),
  ])
  waiting.abort()
  if (first === 'ready') return first
  await shell.close()
  if (first === 'unhookable' || (typeof first === 'object' && 'path' in first)) return first
  if (first === 'cancelled') throw new ShellError('closed', `the start of \`${shell.path}\` was cancelled`)
  const output = startOutput().trim()
  const printed = output === '' ? '' : `; it printed: ${output}`
  if (first === 'timed-out') {
    const message = `\`${shell.path}\` printed no prompt within ${Math.round(startTimeoutMs)} ms: check its start files`
    throw new ShellError('start-timed-out', message + printed)
  }
  const how = first.signal === undefined ? `exited with code ${first.exitCode}` : `was ended by ${first.signal}`
  throw new ShellError('not-startable', `\`${shell.path}\` ${how} before its first prompt${printed}`)
}

function untilAborted(cancelled: AbortSignal, signal: AbortSignal): Promise<'cancelled'> {
  return new Promise((resolve) => {
    if (cancelled.aborted) resolve('cancelled')
    cancelled.addEventListener('abort', () => resolve('cancelled'), {signal})
  })
}

/** Rejects when `signal` aborts. */
async function untilReplaced(shell: Shell, signal: AbortSignal): Promise<Replacement> {
  for (;;) {
    await setTimeout(CHECK_MS, undefined, {signal})
    const replacement = findReplacement(shell.pid, shell.path)
    if (replacement) return replacement
  }
}

import {existsSync} from 'node:fs'
import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'

import {createNonce, hookShell} from '@holdfast/run-completion'

import {findShell, hookedNameOf} from './find-shell.ts'
import {findSuccessor, type Successor} from './find-successor.ts'
import {openShell, type OpenedShell} from './open-shell.ts'
import {openSentinelShell} from './open-sentinel-shell.ts'
import {inheritedDescriptors} from './pty.ts'
import {shellEnvironment} from './shell-environment.ts'
import {ShellError} from './shell-error.ts'
import type {Shell, Size} from './shell.ts'

export interface ShellOptions {
  /**
   * bash 4.4, zsh 5.1, fish 3.2 or newer, or dash tell of each run themselves; to any other shell that understands POSIX
   * syntax it is typed. @default `$SHELL`, else the first bash, zsh or sh on `$PATH`
   */
  path?: string
  /** Where it starts. */
  cwd: string
  /** Its environment, to which TERM is added. @default process.env */
  env?: Readonly<Record<string, string | undefined>>
  /** @default 80 columns, 24 rows */
  size?: Size
  /** How long the user's start files may take, ms. @default 30_000 */
  startTimeoutMs?: number
  /** Gives up the start: what has been started is ended, and the promise rejects with `closed`. */
  signal?: AbortSignal
}

const LAUNCHER = '/bin/bash'
/** How often it is looked whether a start file has put another shell in the place of its own, and how many may follow. */
const LOOK_MS = 100
const MAX_STARTS = 4
/** Node's timers take no more. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Starts the user's shell on a terminal of its own, with their start files. Resolves at its first prompt; rejects with
 * `not-startable` (no such shell or folder, or it ended first), `start-timed-out` or `closed`, and leaves no process behind.
 */
export async function startShell(options: ShellOptions): Promise<Shell> {
  const {cwd, env = process.env, startTimeoutMs = 30_000} = options
  await expectFolder(cwd)
  const deadline = performance.now() + startTimeoutMs
  let next: Start = {path: findShell(options.path, env), env, isUnhookable: false}
  for (let starts = 1; ; starts++) {
    const leftMs = Math.max(1, deadline - performance.now())
    const begun = await startOnce(next, {...options, startTimeoutMs: leftMs}, starts < MAX_STARTS)
    if ('shell' in begun) return begun.shell
    next = begun.next
  }
}

interface Start {
  path: string
  env: Readonly<Record<string, string | undefined>>
  isUnhookable: boolean
}

/** Starts this shell; or gives what to start instead of it, where that shows only now. */
async function startOnce(
  start: Start,
  options: ShellOptions,
  mayGiveNext: boolean,
): Promise<{shell: Shell} | {next: Start}> {
  const {path, env, isUnhookable} = start
  const {cwd, size = {cols: 80, rows: 24}} = options
  const name = isUnhookable ? undefined : hookedNameOf(path)
  if (name === undefined) {
    const opened = openSentinelShell({path, cwd, env: shellEnvironment(env, cwd), size})
    await firstPrompt(opened, options)
    return {shell: opened.shell}
  }
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  const hooked = hookShell(name, {nonce: createNonce(), folder, env, asSh: basename(path) === 'sh'})
  const remove = () => rm(folder, {recursive: true, force: true})
  let isOpen = false
  try {
    await Promise.all(
      Object.entries(hooked.files).map(([file, text]) => writeFile(join(folder, file), text, {mode: 0o600})),
    )
    const shellEnv = {...shellEnvironment(env, cwd), ...hooked.env}
    const opened = openShell({path, launcher: closingLauncher(), hooked, folder, cwd, env: shellEnv, size})
    const first = await firstPrompt(opened, options, mayGiveNext)
    if (first === 'refused') return {next: {...start, isUnhookable: true}}
    if (first !== undefined) return {next: {...first, isUnhookable: false}}
    isOpen = hooked.enters === 'text'
    if (isOpen) void opened.shell.closed.then(remove)
    return {shell: opened.shell}
  } finally {
    if (!isOpen) await remove()
  }
}

async function expectFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new ShellError('not-startable', `Expected \`cwd\` to be a folder, got \`${path}\``)
}

/** Our ends of other shells' terminals are nothing that this one may read. bash closes them, if there are any and one is there. */
function closingLauncher(): string[] {
  const inherited = inheritedDescriptors()
  if (inherited.length === 0 || !existsSync(LAUNCHER)) return []
  const closes = inherited.map((fd) => `${fd}>&-`).join(' ')
  return [LAUNCHER, '--norc', '--noprofile', '-c', `exec ${closes}; exec "$0" "$@"`]
}

/** Resolves at the first prompt to nothing; to `refused`, or a successor, when the shell will have none of ours. Then it is ended. */
async function firstPrompt(
  opened: OpenedShell,
  {startTimeoutMs = 30_000, signal}: ShellOptions,
  mayGiveNext = false,
): Promise<undefined | 'refused' | Successor> {
  const {shell, started, refused, startOutput} = opened
  const timedOut = Promise.withResolvers<'timed-out'>()
  const timer = setTimeout(timedOut.resolve, Math.min(startTimeoutMs, MAX_TIMER_MS), 'timed-out')
  const aborted = Promise.withResolvers<'aborted'>()
  const abort = () => aborted.resolve('aborted')
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  const succeeded = Promise.withResolvers<Successor>()
  const looking = setInterval(() => {
    const successor = mayGiveNext ? findSuccessor(shell.pid, shell.path) : undefined
    if (successor) succeeded.resolve(successor)
  }, LOOK_MS)
  const first = await Promise.race([
    started,
    refused,
    succeeded.promise,
    shell.closed,
    timedOut.promise,
    aborted.promise,
  ])
  clearTimeout(timer)
  clearInterval(looking)
  signal?.removeEventListener('abort', abort)
  if (first === undefined) return undefined
  await shell.close()
  if (first === 'refused' || (typeof first === 'object' && 'path' in first)) return first
  if (first === 'aborted') throw new ShellError('closed', `The start of \`${shell.path}\` was given up`)
  const [code, expected, got] =
    first === 'timed-out'
      ? (['start-timed-out', `within ${Math.round(startTimeoutMs)} ms`, 'none'] as const)
      : (['not-startable', 'to type at', first.signal ?? `exit code ${first.exitCode}`] as const)
  const output = startOutput()
  const printed = output === '' ? '' : `; it printed: ${output.trim()}`
  throw new ShellError(code, `Expected a prompt of \`${shell.path}\` ${expected}, got ${got}${printed}`, {output})
}

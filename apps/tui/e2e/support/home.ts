import {spawn, type ChildProcessByStdio} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Readable, Writable} from 'node:stream'
import {fileURLToPath} from 'node:url'

import {homePaths} from '@holdfast/event-log'

import {describeProcess, findProcesses, type Process} from './processes.ts'
import {until} from './until.ts'

/** The built command. */
export const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))
const fixtureCommands = fileURLToPath(new URL('../fixtures/bin', import.meta.url))

export interface HoldfastOptions {
  /** `null` leaves it open. @default none: the end of the input */
  stdin?: string | null
  /** Merged into the environment of the home. */
  env?: Readonly<Record<string, string>>
  /** @default the project folder of the home */
  cwd?: string
}

export interface HoldfastResult {
  stdout: string
  stdoutBytes: Buffer
  stderr: string
  exitCode: number | null
  signal: NodeJS.Signals | null
}

/** The command, running without a terminal. */
export interface RunningHoldfast {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Its output so far. */
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<HoldfastResult>
}

/** A user with a home folder, a project folder and a `HOLDFAST_HOME`. Disposal fails if a process is left. */
export interface Home extends AsyncDisposable {
  /** `HOME`. */
  readonly user: string
  /** `HOLDFAST_HOME`. */
  readonly state: string
  /** `TMPDIR`. */
  readonly temporary: string
  /** The folder in which commands run. */
  readonly project: string
  readonly env: Readonly<Record<string, string>>
  /** The command line that runs the built command in a folder. */
  launch(cwd: string, args: readonly string[]): readonly [string, ...string[]]
  /** Runs the built command to its end. */
  holdfast(args: readonly string[], options?: HoldfastOptions): Promise<HoldfastResult>
  /** Starts the built command. */
  startHoldfast(args: readonly string[], options?: HoldfastOptions): RunningHoldfast
  /** Its running processes. */
  processes(): readonly Process[]
  /** The only running process of a role; waits for it. */
  process(role: Process['role']): Promise<Process>
}

export interface HomeOptions {
  /** `HOLDFAST_HOME`. @default a new folder */
  state?: string
  /** What is put before a folder and a command that is to run there. @default nothing, nor the folder */
  launcher?: readonly [string, ...string[]]
  /** The built command. @default that of this work tree */
  cli?: string
}

export function createHome({state: given, launcher, cli: program = cli}: HomeOptions = {}): Home {
  // Short: the path of a socket may have 104 bytes.
  const folder = mkdtempSync('/tmp/hf-')
  const [user, project, temporary] = [`${folder}/user`, `${folder}/project`, `${folder}/tmp`]
  const state = given ?? `${folder}/state`
  const launch = (cwd: string, args: readonly string[]): [string, ...string[]] =>
    launcher === undefined
      ? [process.execPath, program, ...args]
      : [...launcher, cwd, process.execPath, program, ...args]
  for (const made of [user, project, temporary]) mkdirSync(made)
  // Else fish generates completions at its first start, in a job that draws into the next prompts.
  mkdirSync(`${user}/.local/share/fish/generated_completions`, {recursive: true})
  writeFileSync(`${user}/.bashrc`, `PS1='$ '\n`)
  // Inherits nothing from the environment of the tests.
  const env = {
    HOME: user,
    HOLDFAST_HOME: state,
    TMPDIR: temporary,
    PATH: `${fixtureCommands}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    SHELL: '/bin/bash',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  }

  const startHoldfast: Home['startHoldfast'] = (args, options = {}) => {
    const {stdin = '', cwd = project} = options
    const [command, ...rest] = launch(cwd, args)
    const child = spawn(command, rest, {
      cwd,
      env: {...env, ...options.env},
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // It may exit without reading its stdin.
    child.stdin.on('error', () => undefined)
    if (stdin !== null) child.stdin.end(stdin)
    const ended = once(child, 'close').then((how) => {
      const [exitCode, signal] = how as [number | null, NodeJS.Signals | null]
      const stdoutBytes = Buffer.concat(out)
      return {stdout: stdoutBytes.toString(), stdoutBytes, stderr: Buffer.concat(err).toString(), exitCode, signal}
    })
    return {
      child,
      get stdout() {
        return Buffer.concat(out).toString()
      },
      get stderr() {
        return Buffer.concat(err).toString()
      },
      ended,
    }
  }
  const processes = () => findProcesses(state)

  return {
    user,
    state,
    temporary,
    project,
    env,
    launch,
    startHoldfast,
    holdfast: (args, options) => startHoldfast(args, options).ended,
    processes,
    process: (role) =>
      until(() => onlyOne(processes().filter((process) => process.role === role)), {what: `one ${role} of ${state}`}),
    async [Symbol.asyncDispose]() {
      const closeAll = async () => {
        const {exitCode, stderr} = await startHoldfast(['close', '--all']).ended
        if (exitCode !== 0) throw new Error(`Expected \`close --all\` to exit with 0, got ${exitCode}: ${stderr}`)
      }
      const untilEmpty = (timeoutMs: number) =>
        until(() => processes().length === 0, {what: 'the end of all processes of the home', timeoutMs})
      try {
        await closeAll()
        // A screen that was closed while it created its session leaves that, which was not listed yet.
        const isEmpty = await untilEmpty(2000).catch(() => false)
        if (!isEmpty) {
          await closeAll()
          await untilEmpty(8000)
        }
      } catch (error) {
        const left = processes()
        for (const {pid} of left) process.kill(pid, 'SIGKILL')
        const what = left.map(describeProcess).join('; ') || 'none'
        throw new Error(`Expected no process to be left, got: ${what}\n${crashLogOf(state)}`, {cause: error})
      } finally {
        rmSync(folder, {recursive: true, force: true})
      }
    },
  }
}

function crashLogOf(state: string): string {
  const file = homePaths(state).crashLog
  return existsSync(file) ? readFileSync(file, 'utf8') : `There is no ${file}`
}

function onlyOne<Value>(values: readonly Value[]): Value | undefined {
  return values.length === 1 ? values[0] : undefined
}

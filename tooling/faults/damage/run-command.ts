import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'

/** What one command of Holdfast did, as a user or a script sees it. */
export interface CommandResult {
  args: readonly string[]
  stdout: string
  stderr: string
  code: number | null
  /** `SIGKILL` where the command did not end in time. */
  signal: NodeJS.Signals | null
}

export interface CommandOptions {
  cli: string
  env: Readonly<Record<string, string>>
  cwd: string
}

/** How long a command may take before it counts as endless, ms. */
export const commandTimeoutMs = 30_000

export async function runCommand(args: readonly string[], {cli, env, cwd}: CommandOptions): Promise<CommandResult> {
  const child = spawn(process.execPath, [cli, ...args], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
  const timer = setTimeout(() => child.kill('SIGKILL'), commandTimeoutMs)
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  clearTimeout(timer)
  return {args, stdout, stderr, code, signal}
}

export const linesOf = (lines: string): string[] => lines.split('\n').filter((line) => line !== '')

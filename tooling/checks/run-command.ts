import {spawn, type StdioOptions} from 'node:child_process'
import {delimiter, join} from 'node:path'

import {ROOT} from './root.ts'

export interface CommandOptions {
  /** @default the root */
  cwd?: string
  /** @default that of this process */
  env?: NodeJS.ProcessEnv
  /** After it, the command and its children are killed. @default none */
  timeoutMs?: number
  /** Shows the output as it comes instead of keeping it. @default false */
  live?: boolean
}

export interface CommandResult {
  ok: boolean
  /** stdout and stderr as they came, or '' when it was shown live. */
  output: string
  /** How it ended, to be put after its name. */
  status: string
}

/**
 * Runs a command to the end of its output, in a process group of its own, which is killed if this process exits first.
 * The workspace's own Node and tools come first on its PATH. Never rejects: a command that cannot start is not ok.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const {cwd = ROOT, env = process.env, timeoutMs, live = false} = options
  return new Promise((resolve) => {
    const stdio: StdioOptions = live ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const path = [join(ROOT, 'node_modules/.bin'), env.PATH].join(delimiter)
    const child = spawn(command, args, {cwd, env: {...env, PATH: path}, stdio, detached: !live})
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text))

    const kill = () => killGroup(live ? child.pid : child.pid && -child.pid)
    process.on('exit', kill)
    let late = false
    const timer = setTimeout(
      () => {
        late = true
        kill()
      },
      timeoutMs ?? 2 ** 31 - 1,
    )
    const end = (ok: boolean, status: string) => {
      clearTimeout(timer)
      process.off('exit', kill)
      resolve({ok: ok && !late, output, status: late ? `was not over after ${timeoutMs} ms` : status})
    }
    child.on('error', (error) => end(false, `could not be started: ${error.message}`))
    child.on('close', (code, signal) =>
      end(code === 0, signal ? `was ended by ${signal}` : `ended with status ${code}`),
    )
  })
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

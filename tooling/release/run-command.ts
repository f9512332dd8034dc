import {spawn} from 'node:child_process'

export interface CommandOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Default: ends the rehearsal if the command fails. */
  mayFail?: boolean
}

export interface CommandResult {
  status: number | null
  stdout: string
  stderr: string
}

/** The bound of each command, for one that hangs: the slowest takes 30 s on a machine with two processors. */
const TIMEOUT_MS = 300_000

/** The process groups of commands that run. */
const running = new Set<number>()

// Nothing outlives the rehearsal, however it ends.
process.on('exit', () => {
  for (const group of running) killGroup(group)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

/** Runs a command without stdin. Throws an error with its output if it fails or takes longer than `TIMEOUT_MS`. */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [program = '', ...args] = command
  const {cwd, env, mayFail = false} = options
  const child = spawn(program, args, {cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe']})
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const {pid} = child
  if (pid !== undefined) running.add(pid)
  const timer = setTimeout(() => pid !== undefined && killGroup(pid), TIMEOUT_MS)
  try {
    const status = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
    if (status !== 0 && !mayFail) {
      throw new Error(`${command.join(' ')}: exit status ${status}, in ${cwd}\n${stdout}${stderr}`)
    }
    return {status, stdout, stderr}
  } finally {
    clearTimeout(timer)
    if (pid !== undefined) running.delete(pid)
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

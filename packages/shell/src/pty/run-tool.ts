import {startPty} from './pty.ts'

export interface ToolResult {
  /** Undefined if a signal ended it, as after the deadline. */
  exitCode: number | undefined
  output: string
}

/** A longer time means that the machine hangs. */
const TOOL_MS = 2000

/**
 * Runs a small program of the system, about 3 ms of work, for what Node cannot do. Runs it on a PTY, the only way in which this
 * package starts programs. Throws if it cannot be started.
 */
export async function runTool(program: string, args: readonly string[]): Promise<ToolResult> {
  let output = ''
  const env = {PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C'}
  const pty = startPty(program, args, {
    cwd: '/',
    env,
    size: {cols: 200, rows: 24},
    inherits: true,
    onData: (data) => (output += Buffer.from(data).toString()),
  })
  const timer = setTimeout(() => pty.kill('SIGKILL'), TOOL_MS)
  const {exitCode} = await pty.closed
  clearTimeout(timer)
  return {exitCode, output}
}

import type {Home} from '../../../tui/e2e/support/home.ts'

/** Creates a session with the command, and returns its id. `args`: options of `holdfast new`, or a program behind `--`. */
export async function newSession(home: Home, title: string, args: readonly string[] = []): Promise<string> {
  const {stdout, stderr, exitCode} = await home.holdfast(['new', '--title', title, ...args])
  if (exitCode !== 0) throw new Error(`Expected \`holdfast new\` to exit with 0, got ${exitCode}: ${stderr}`)
  return stdout.trim()
}

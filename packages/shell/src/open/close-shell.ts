import type {Pty} from '../pty/pty.ts'

/** bash only records a hang-up that arrives while it opens its line editor, and acts on the second. */
const HANG_UP_AGAIN_MS = 50
const KILL_AFTER_MS = 500

/** Hangs up, and kills the shell if it ignores that. Resolves when the shell is gone. */
export async function closeShell(pty: Pty): Promise<void> {
  pty.resume()
  const hangUp = () => pty.kill('SIGHUP')
  hangUp()
  // A stopped shell receives the first hang-up only now.
  pty.kill('SIGCONT')
  const timers = [setTimeout(hangUp, HANG_UP_AGAIN_MS), setTimeout(() => pty.kill('SIGKILL'), KILL_AFTER_MS)]
  await pty.closed
  timers.forEach(clearTimeout)
}

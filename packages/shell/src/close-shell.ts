import type {Pty} from './pty.ts'

/** bash only notes a hang-up that comes while it opens its editor; it acts on the second. */
const HANG_UP_AGAIN_MS = 50
const KILL_AFTER_MS = 500

/** Hangs up, and kills the shell if it does not listen. Resolves when it is gone. */
export async function closeShell(pty: Pty): Promise<void> {
  pty.resume()
  const hangUp = () => pty.kill('SIGHUP')
  hangUp()
  // A stopped shell hears the first one only now.
  pty.kill('SIGCONT')
  const timers = [setTimeout(hangUp, HANG_UP_AGAIN_MS), setTimeout(() => pty.kill('SIGKILL'), KILL_AFTER_MS)]
  await pty.closed
  timers.forEach(clearTimeout)
}

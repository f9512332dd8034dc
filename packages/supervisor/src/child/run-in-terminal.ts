import {spawn} from 'node:child_process'

/** For the program alone. */
const ignored = ['SIGINT', 'SIGQUIT'] as const
/** They stop and continue this process, too: a shell has to get the terminal. */
const leftToTheSystem = ['SIGTSTP', 'SIGCONT'] as const

/** How the program ended: one of the two is not null. */
export interface TerminalProgramExit {
  code: number | null
  signal: NodeJS.Signals | null
}

/**
 * Runs a program on the terminal of this process, in its process group, until the program ends: an editor of the user's. Nothing
 * else may read or write the terminal meanwhile. Ctrl-C and Ctrl-\ are for the program alone; Ctrl-Z, also one that the program
 * makes of it itself, stops both, so that the shell which started this process has the terminal. If this process exits first, the
 * program gets SIGHUP, as when its terminal is closed. Rejects if the program cannot be started.
 */
export async function runInTerminal(command: string, args: readonly string[]): Promise<TerminalProgramExit> {
  const paused = [...ignored, ...leftToTheSystem].map((signal) => [signal, process.listeners(signal)] as const)
  for (const [signal, listeners] of paused) for (const listener of listeners) process.off(signal, listener)
  for (const signal of ignored) process.on(signal, ignore)
  const child = spawn(command, args, {stdio: 'inherit', env: {...process.env, HOLDFAST_INSTANCE: undefined}})
  const hangUp = () => void child.kill('SIGHUP')
  process.on('exit', hangUp)
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code, signal) => resolve({code, signal}))
    })
  } finally {
    process.off('exit', hangUp)
    for (const signal of ignored) process.off(signal, ignore)
    for (const [signal, listeners] of paused) for (const listener of listeners) process.on(signal, listener)
  }
}

function ignore(): void {
  // The terminal sends it to the whole process group; it is meant for the program.
}

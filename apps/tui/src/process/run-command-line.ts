import {runInTerminal, type TerminalProgramExit} from '@holdfast/supervisor'

export interface CommandLineExit extends TerminalProgramExit {
  /** The shell found no such program. */
  isNotFound: boolean
}

/** The exit status of a shell that finds no such program. */
const notFound = 127

/**
 * Runs a command line of the user, such as that of `$EDITOR`, on this terminal, with `file` as its `$1`. Resolves when it has exited;
 * rejects if there is no `/bin/sh`.
 */
export async function runCommandLine(commandLine: string, file: string): Promise<CommandLineExit> {
  // The traps keep the shell, which waits for the program, from dying of a Ctrl-C.
  const exit = await runInTerminal('/bin/sh', ['-c', `trap : INT QUIT; ${commandLine}`, 'sh', file])
  return {...exit, isNotFound: exit.code === notFound}
}

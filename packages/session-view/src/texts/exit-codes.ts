import {signalName} from './signals.ts'

/** What POSIX shells report themselves. */
const ofShells: Readonly<Record<number, string>> = {
  126: 'not executable',
  127: 'command not found',
}

/** What is known of a program that a signal has ended. */
const ofSignals: Readonly<Record<string, string>> = {
  SIGHUP: 'hung up',
  SIGINT: 'interrupted',
  SIGQUIT: 'quit',
  SIGILL: 'illegal instruction',
  SIGABRT: 'aborted',
  SIGFPE: 'arithmetic error',
  SIGKILL: 'killed',
  SIGBUS: 'bus error',
  SIGSEGV: 'segmentation fault',
  SIGPIPE: 'broken pipe',
  SIGALRM: 'alarm clock',
  SIGTERM: 'terminated',
  SIGXCPU: 'CPU time limit',
  SIGXFSZ: 'file size limit',
}

/**
 * What an exit status means by the rules of shells: `command not found`, `killed`; undefined for any other one. A program may
 * exit with 128 and more by itself, which no shell tells apart from a signal. Pure.
 */
function meaningOfExit(exitCode: number): string | undefined {
  const signal = signalName(exitCode - 128)
  return ofShells[exitCode] ?? (signal === undefined ? undefined : (ofSignals[signal] ?? signal))
}

/** An exit status with its meaning: `exit 3`, `exit 127: command not found`. Pure. */
export function describeExit(exitCode: number): string {
  const meaning = meaningOfExit(exitCode)
  return meaning === undefined ? `exit ${exitCode}` : `exit ${exitCode}: ${meaning}`
}

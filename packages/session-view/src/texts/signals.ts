/** The numbers of signals on Linux, as `kill -l` lists them; of two names, the usual one. */
const ofLinux: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  16: 'SIGSTKFLT',
  17: 'SIGCHLD',
  18: 'SIGCONT',
  19: 'SIGSTOP',
  20: 'SIGTSTP',
  21: 'SIGTTIN',
  22: 'SIGTTOU',
  23: 'SIGURG',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  26: 'SIGVTALRM',
  27: 'SIGPROF',
  28: 'SIGWINCH',
  29: 'SIGIO',
  30: 'SIGPWR',
  31: 'SIGSYS',
}

/** Those that macOS numbers in another way. */
const ofMacOs: Readonly<Record<number, string>> = {
  ...ofLinux,
  7: 'SIGEMT',
  10: 'SIGBUS',
  12: 'SIGSYS',
  16: 'SIGURG',
  17: 'SIGSTOP',
  18: 'SIGTSTP',
  19: 'SIGCONT',
  20: 'SIGCHLD',
  23: 'SIGIO',
  29: 'SIGINFO',
  30: 'SIGUSR1',
  31: 'SIGUSR2',
}

/** A browser does not know on which system the session runs: most run on Linux. */
const {process} = globalThis as {process?: {platform?: string}}
const names = process?.platform === 'darwin' ? ofMacOs : ofLinux

/** The name of a signal, such as `SIGTERM`. Pure. */
export function signalName(number: number): string | undefined {
  return names[number]
}

/** Its number; `undefined` for a name that is none. Pure. */
export function signalNumber(name: string): number | undefined {
  const found = Object.entries(names).find(([, known]) => known === name)
  return found === undefined ? undefined : Number(found[0])
}

import {existsSync, readdirSync} from 'node:fs'

import {readProc} from '../process-stat.ts'

const LAUNCHER = '/bin/bash'
/** https://man7.org/linux/man-pages/man2/open.2.html */
const CLOSE_ON_EXEC = 0o2000000

/**
 * A command that closes the descriptors that a child started now would inherit, then becomes the program that follows it. Empty
 * if there are none. node-pty passes on everything that is not close-on-exec: the master sides of other PTYs, and what this
 * process itself inherited. On macOS it passes on nothing. POSIX mode keeps bash from reading the file in `BASH_ENV`.
 */
export function closingLauncher(): string[] {
  const inheritable = inheritableDescriptors()
  if (inheritable.length === 0 || !existsSync(LAUNCHER)) return []
  const closes = inheritable.map((fd) => `${fd}>&-`).join(' ')
  return [LAUNCHER, '--posix', '-c', `set +o posix; exec ${closes}; exec "$0" "$@"`]
}

function inheritableDescriptors(): string[] {
  try {
    return readdirSync('/proc/self/fd').filter((fd) => Number(fd) > 2 && isInheritable(fd))
  } catch {
    return []
  }
}

function isInheritable(fd: string): boolean {
  const [, flags] = /^flags:\s*(\d+)$/m.exec(readProc(`self/fdinfo/${fd}`) ?? '') ?? []
  return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
}

import {closeSync, readdirSync} from 'node:fs'

import {readText} from './read-text.ts'

/** https://man7.org/linux/man-pages/man2/open.2.html */
const closeOnExec = 0o2000000

/**
 * Closes the descriptors that this process inherited, except 0, 1 and 2: else a process that outlives its caller would keep
 * the caller's locks and pipes for days. Node opens every descriptor with close-on-exec, so the others are inherited ones. It
 * starts its children without those below 16. On macOS, it starts them without all others, too, so nothing is left to close.
 */
export function closeInheritedDescriptors(): void {
  for (const fd of inheritedDescriptors()) {
    try {
      closeSync(fd)
    } catch {
      // It is closed.
    }
  }
}

function inheritedDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => fd > 2 && isInherited(fd))
  } catch {
    return []
  }
}

function isInherited(fd: number): boolean {
  const [, flags] = /^flags:\s*(\d+)$/m.exec(readText(`/proc/self/fdinfo/${fd}`) ?? '') ?? []
  return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0
}

import {execFileSync} from 'node:child_process'
import {mkdirSync, rmSync, statfsSync, writeFileSync} from 'node:fs'

/** A disk of its own that can be filled up. Needs root, or sudo without a password. */
export interface SmallDisk extends AsyncDisposable {
  /** Leaves so many bytes. */
  fill(bytesLeft: number): void
  /** Undoes `fill`. */
  makeRoom(): void
  /** From now on nothing can be written to it, or it can again. */
  setReadOnly(isReadOnly: boolean): void
}

export const canMount = tryRun('true')

/** Mounts one at a folder, which is made. `onDispose` ends what uses it. */
export function mountSmallDisk(folder: string, megabytes: number, onDispose: () => Promise<void>): SmallDisk {
  mkdirSync(folder, {recursive: true})
  const options = `size=${megabytes}m,mode=0700,uid=${process.getuid?.() ?? 0}`
  run('mount', '-t', 'tmpfs', '-o', options, 'none', folder)
  const filler = `${folder}/filler`
  return {
    fill(bytesLeft) {
      const {bavail, bsize} = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - bytesLeft))
    },
    makeRoom: () => rmSync(filler),
    setReadOnly: (isReadOnly) => run('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder),
    async [Symbol.asyncDispose]() {
      try {
        await onDispose()
      } finally {
        run('umount', '-l', folder)
      }
    },
  }
}

function run(...words: [string, ...string[]]): void {
  const [command, ...args] = process.getuid?.() === 0 ? words : ['sudo', '-n', ...words]
  execFileSync(command, args, {stdio: ['ignore', 'ignore', 'pipe']})
}

function tryRun(...words: [string, ...string[]]): boolean {
  try {
    run(...words)
    return true
  } catch {
    return false
  }
}

import {execFileSync, spawn, type ChildProcessByStdio} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync} from 'node:fs'
import {createInterface, type Interface} from 'node:readline'
import type {Readable, Writable} from 'node:stream'

import {need} from '../../../../tooling/vitest/need.ts'
import {until} from './until.ts'

/** A small disk that can be filled up. */
export interface SmallDisk extends AsyncDisposable {
  /** The command line that runs a command in a folder where the disk is mounted. */
  readonly launcher: readonly [string, ...string[]]
  /** Its mount point for such a command. Short enough for the path of a socket. */
  readonly folder: string
  /** Its root as a path for this process; SQLite does not accept such a path. */
  readonly view: string
  /** Fills it up, except for this many bytes. */
  fill(bytesLeft: number): void
  /** Uses up its inodes, except for this many. */
  fillInodes(inodesLeft: number): void
  /** Undoes `fill` and `fillInodes`. */
  makeRoom(): void
  /** Makes it read-only or writable; waits until no file is open for writing. */
  setReadOnly(isReadOnly: boolean): Promise<void>
}

/**
 * Mounts a small disk: in a user namespace if that is allowed, else as root; skips the test if neither is allowed. Processes
 * that use it must exit before it is disposed.
 */
export async function openSmallDisk(megabytes: number): Promise<SmallDisk> {
  need('small disk')
  const folder = mkdtempSync('/tmp/hf-disk-')
  const mount = `mount -t tmpfs -o size=${megabytes}m,nr_inodes=1000,mode=0700 none ${folder}`
  const holder =
    (await holdNamespace(mount)) ?? (await mountAsRoot(`${mount} -o uid=${process.getuid?.() ?? 0}`, folder))
  if (holder === undefined) {
    rmSync(folder, {recursive: true})
    throw new Error(`Expected \`${mount}\` to work, it did not`)
  }
  const view = `${holder.prefix}${folder}`
  const filler = `${view}/filler`
  return {
    launcher: holder.launcher,
    folder,
    view,
    fill(bytesLeft) {
      const {bavail, bsize} = statfsSync(view)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - bytesLeft))
    },
    fillInodes(inodesLeft) {
      mkdirSync(filler)
      for (let left = statfsSync(view).ffree; left > inodesLeft; left--) writeFileSync(`${filler}/${left}`, '')
    },
    makeRoom: () => rmSync(filler, {recursive: true}),
    async setReadOnly(isReadOnly) {
      const remount = `mount -o remount,${isReadOnly ? 'ro' : 'rw'} ${folder}`
      // The kernel closes the files of a process after it has removed its /proc entries.
      const isDone = () =>
        holder.run(remount).then(
          () => true,
          () => false,
        )
      await until(isDone, {what: `\`${remount}\` to work`})
    },
    async [Symbol.asyncDispose]() {
      await holder.end()
      rmSync(folder, {recursive: true})
    },
  }
}

/** The process that owns the mount, and can change it. */
interface Holder {
  launcher: readonly [string, ...string[]]
  /** The path to its files for other processes. */
  prefix: string
  run(command: string): Promise<void>
  end(): Promise<void>
}

/** A shell in a mount namespace of its own: its mounts are removed with it. */
async function holdNamespace(mount: string): Promise<Holder | undefined> {
  const shell: ChildProcessByStdio<Writable, Readable, null> = spawn('unshare', ['-Urm', 'sh'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const exited = once(shell, 'exit').catch(() => undefined)
  shell.stdin.on('error', () => undefined)
  const lines = createInterface({input: shell.stdout})
  const run = async (command: string) => {
    shell.stdin.write(`${command} && echo done || echo failed\n`)
    const said = await Promise.race([nextLine(lines), exited])
    if (said !== 'done') throw new Error(`Expected \`${command}\` to work in a namespace, it did not`)
  }
  const end = async () => {
    shell.stdin.end()
    await exited
  }
  try {
    await run(mount)
    const enter = ['nsenter', '--preserve-credentials', '-U', '-m', '-t', String(shell.pid), '--'] as const
    // Entering a namespace changes to its root.
    const launcher = [...enter, 'sh', '-c', 'cd "$0" && exec "$@"'] as const
    return {launcher, prefix: `/proc/${shell.pid}/root`, run, end}
  } catch {
    await end()
    return undefined
  }
}

async function nextLine(lines: Interface): Promise<string> {
  const [line] = (await once(lines, 'line')) as [string]
  return line
}

async function mountAsRoot(mount: string, folder: string): Promise<Holder | undefined> {
  const run = async (command: string) => {
    const words = ['sh', '-c', command] as const
    const [program, ...args] = process.getuid?.() === 0 ? words : (['sudo', '-n', ...words] as const)
    execFileSync(program, args, {stdio: ['ignore', 'ignore', 'pipe']})
  }
  try {
    await run(mount)
    return {launcher: ['env', '-C'], prefix: '', run, end: () => run(`umount -l ${folder}`)}
  } catch {
    return undefined
  }
}

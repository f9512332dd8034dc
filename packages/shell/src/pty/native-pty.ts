import {createRequire} from 'node:module'

/** The native module of `@lydell/node-pty`, in its pinned version. */
export interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    isUtf8: boolean,
    helperPath: string,
    onExit: (exitCode: number, signal: number) => void,
  ): {fd: number; pid: number}
  /** A PTY without a program: the descriptors of both sides, and the path of the slave side. */
  open(cols: number, rows: number): {master: number; slave: number; pty: string}
  resize(fd: number, cols: number, rows: number): void
}

export interface NativeParts {
  pty: NativePty
  /** The program through which macOS starts the child; empty elsewhere. */
  helperPath: string
}

let parts: NativeParts | undefined

/**
 * Reads the files of node-pty, which `startShell` does otherwise: too late for a process whose installed files may have been
 * removed by then. Throws if they are missing. On macOS, each start of a shell also runs a file of node-pty.
 */
export function preloadPty(): void {
  loadNativePty()
}

/**
 * Loads the native module without node-pty's terminal object. A write to that object blocks the whole process in a busy loop
 * while the program does not read, and it discards output that was not read within 200 ms after the exit. Reads the files of
 * the package once.
 */
export function loadNativePty(): NativeParts {
  return (parts ??= readParts())
}

function readParts(): NativeParts {
  const require = createRequire(import.meta.url)
  const {requireBinary} = require('@lydell/node-pty/requireBinary.js') as {requireBinary(file: string): NativePty}
  const nodePty = createRequire(require.resolve('@lydell/node-pty/package.json'))
  const helperPath =
    process.platform === 'darwin' ? nodePty.resolve(`@lydell/node-pty-darwin-${process.arch}/spawn-helper`) : ''
  return {pty: requireBinary('pty.node'), helperPath}
}

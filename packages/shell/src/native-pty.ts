import {createRequire} from 'node:module'

/** The native part of `@lydell/node-pty`, as its pinned version has it. */
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
  resize(fd: number, cols: number, rows: number): void
}

/** Only macOS starts its child through this program. */
export interface NativeParts {
  pty: NativePty
  helperPath: string
}

/**
 * We take the native part and not the terminal object around it, because that object writes so that a program which does not
 * read stops the whole process in a busy loop, and because it throws away what was not read 200 ms after the exit.
 */
export function loadNativePty(): NativeParts {
  const require = createRequire(import.meta.url)
  const {requireBinary} = require('@lydell/node-pty/requireBinary.js') as {requireBinary(file: string): NativePty}
  const nodePty = createRequire(require.resolve('@lydell/node-pty/package.json'))
  const helperPath =
    process.platform === 'darwin' ? nodePty.resolve(`@lydell/node-pty-darwin-${process.arch}/spawn-helper`) : ''
  return {pty: requireBinary('pty.node'), helperPath}
}

import {type ChildProcess, spawn} from 'node:child_process'
import {closeSync, constants, fstatSync, mkdirSync, openSync} from 'node:fs'
import {dirname} from 'node:path'

import type {ChildOptions} from './child.ts'
import {type ChildStderr, noStderr, tailOfFile, tailOfStream} from './stderr-tail.ts'

const {O_APPEND, O_CREAT, O_WRONLY, O_NONBLOCK} = constants

export interface Launched {
  process: ChildProcess
  stderr: ChildStderr
}

/**
 * Spawns the process as leader of a session and a process group of its own, so that no key and no terminal of this process
 * reaches it, with pipes of its own, so that it can neither read our stdin nor write to our screen. Throws some of the
 * errors of a failed start; others arrive as `error` event of the process.
 */
export function launch(options: ChildOptions): Launched {
  const {name, command, args = [], cwd, env, generation = 1, outlives} = options
  const spawnOptions = {
    ...(cwd !== undefined && {cwd}),
    // Last, so that it replaces the variable that this process may have inherited itself.
    env: {...process.env, ...env, HOLDFAST_INSTANCE: `${name}:${generation}`},
    detached: true,
  }
  if (!outlives) {
    const child = spawn(command, args, {...spawnOptions, stdio: ['pipe', 'pipe', 'pipe']})
    // The pipes are missing when no file descriptor was left for them.
    return {process: child, stderr: child.stderr ? tailOfStream(child.stderr) : noStderr}
  }
  const {stderrFile} = outlives
  mkdirSync(dirname(stderrFile), {recursive: true, mode: 0o700})
  const fd = openStderr(stderrFile)
  try {
    const stderr = tailOfFile(stderrFile, fstatSync(fd).size)
    return {process: spawn(command, args, {...spawnOptions, stdio: ['ignore', 'pipe', fd]}), stderr}
  } finally {
    closeSync(fd)
  }
}

/** Without O_NONBLOCK, opening a named pipe would wait for its reader. */
function openStderr(file: string): number {
  try {
    return openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NONBLOCK, 0o600)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code !== 'ENXIO' && code !== 'EISDIR') throw error
    throw new Error(`\`${file}\` is not a file: move it away`, {cause: error})
  }
}

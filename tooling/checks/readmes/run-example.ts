import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'

import {runCommand} from '../run-command.ts'

/** Runs one example by itself, in an empty folder; what is wrong with it, or undefined. */
export async function runExample(path: string, {timeoutMs = 30_000} = {}): Promise<string | undefined> {
  const empty = mkdtempSync(join(tmpdir(), 'holdfast-example-'))
  const cwd = mkdtempSync(join(empty, 'cwd-'))
  const env = {...process.env, HOLDFAST_HOME: join(empty, 'home')}
  try {
    const {ok, output, status} = await runCommand(process.execPath, ['--conditions=holdfast-source', path], {
      cwd,
      env,
      timeoutMs,
    })
    if (!ok) return `${basename(path)}: ${status}\n${output}`
    const left = readdirSync(cwd)
    if (left.length > 0) return `${basename(path)}: expected nothing left behind, got ${left.join(', ')}`
    return undefined
  } finally {
    rmSync(empty, {recursive: true, force: true})
  }
}

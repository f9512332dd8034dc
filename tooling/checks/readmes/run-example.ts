/**
 * What each instrumented example imports first. It moves the process to an empty folder with a state folder of its own,
 * and fails it at its end if the example left a file there.
 */
import {deepStrictEqual} from 'node:assert/strict'
import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-example-'))
mkdirSync(join(folder, 'cwd'))
process.chdir(join(folder, 'cwd'))
process.env.HOLDFAST_HOME = join(folder, 'home')
process.on('exit', (code) => {
  const left = readdirSync(join(folder, 'cwd'))
  rmSync(folder, {recursive: true, force: true})
  if (code === 0 && left.length > 0) fail(`the example left ${left.join(', ')} behind: remove it at the end`)
})

/** `lines` are the lines with an expected value: the process fails at its end if it did not reach one of them. */
export function expectValues(lines: readonly number[]) {
  const missed = new Set(lines)
  process.on('exit', (code) => {
    if (code === 0 && missed.size > 0) fail(`the example never reached line ${[...missed].join(', ')}`)
  })
  return <T>(line: number, actual: T, expected: unknown): T => {
    missed.delete(line)
    deepStrictEqual(actual, expected)
    return actual
  }
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}

import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {openOrRepairLog} from '../src/index.ts'
import {createLogFolder, delta, info, queued, start} from './fixtures/log-folder.ts'

const fixture = fileURLToPath(new URL('fixtures/open-and-append.ts', import.meta.url))
const output = Array.from({length: 20}, () => delta('a', 'x'.repeat(100_000)))

/** Opens a log and appends, in a process that can write no file of more than 1 MB. */
function appendWithinLimit(...args: string[]): string {
  const node = [process.execPath, '--conditions=holdfast-source', '--no-warnings', fixture, ...args]
  const limit = 'trap "" XFSZ; ulimit -f 1024; exec "$@"'
  return String(spawnSync('bash', ['-c', limit, 'bash', ...node]).stdout)
}

function workingCopies(path: string): string[] {
  return readdirSync(path).filter((name) => /\.(repaired|repairing|part|saving)/.test(name))
}

test('a repair that the disk cannot hold leaves no copy on it, and fails with an EventLogError', () => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info, queued('a'), start('a'), ...output])
  writeFileSync(file, readFileSync(file).fill(7, 0, 100))
  expect(appendWithinLimit(file, sessionId)).toMatch(/^EventLogError (io|full|failed)$/)
  expect(workingCopies(folder.path)).toEqual([])
  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(repaired?.kept).toBe(23)
  log.close()
})

test('a log that the disk cannot hold when it is written back leaves no copy on it', () => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info, queued('a'), start('a'), ...output])
  expect(appendWithinLimit(file, sessionId, 'gone')).toMatch(/^EventLogError (io|full|failed)$/)
  expect(workingCopies(folder.path)).toEqual([])
})

test('a read after a repair that failed throws an EventLogError, until a repair succeeds', () => {
  using folder = createLogFolder()
  const {file, sessionId} = folder.writeLog([info, queued('a'), start('a'), ...output])
  const {log} = openOrRepairLog({file, sessionId})
  writeFileSync(file, readFileSync(file).fill(7, 4096 * 40, 4096 * 50))
  expect(log.read({limit: 10}).some(({type}) => type === 'event.lost')).toBe(true)
  mkdirSync(`${file}.repaired.part`)
  const failed = expect.objectContaining({name: 'EventLogError'})
  expect(() => log.append([delta('a', 'more')])).toThrow(failed)
  expect(() => log.read()).toThrow(failed)
  rmSync(`${file}.repaired.part`, {recursive: true})
  expect(log.read({limit: 1})).toHaveLength(1)
  log.close()
})

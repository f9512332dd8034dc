import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, onTestFinished, test} from 'vitest'

import {openSqliteLog} from '../src/index.ts'
import {createLogFolder, info} from './fixtures/log-folder.ts'

const writeAndClose = fileURLToPath(new URL('fixtures/write-and-close.ts', import.meta.url))

test(
  'a log whose writer closes it meanwhile, which removes the files beside it, can be read',
  {timeout: 60_000},
  async () => {
    using folder = createLogFolder()
    const {sessionId, file} = folder.writeLog([info])
    const {size} = statSync(file)
    const writer = spawn(process.execPath, ['--conditions=holdfast-source', writeAndClose, file, sessionId])
    onTestFinished(async () => {
      writer.kill('SIGKILL')
      if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')
    })
    await expect.poll(() => statSync(file).size).toBeGreaterThan(size)
    const errors = new Set<string>()
    // The moment lasts some microseconds: about one of 1000 readers met it.
    for (let reads = 0; reads < 3000; reads++) {
      try {
        const log = openSqliteLog({file, sessionId, readOnly: true})
        log.state()
        log.close()
      } catch (error) {
        errors.add(String(error))
      }
    }
    expect([...errors]).toEqual([])
  },
)

import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {listSessions, openOrRepairLog} from '../src/index.ts'
import {createLogFolder, info, type LogFolder} from './fixtures/log-folder.ts'

const fixture = fileURLToPath(new URL('fixtures/lose-and-append.ts', import.meta.url))
const changes = 'rename,renameat,renameat2,link,linkat,unlink,unlinkat'

/** Runs the fixture. `killAt`: kills it at its nth change of a folder. */
function run(folder: LogFolder, {killAt, other = ''}: {killAt?: number; other?: string | undefined}) {
  const {file, sessionId} = folder.writeLog([info])
  const trace = `${folder.path}/trace`
  const inject = killAt === undefined ? [] : [`--inject=${changes}:signal=SIGKILL:when=${killAt}`]
  const node = [process.execPath, '--conditions=holdfast-source', '--no-warnings', fixture, file, sessionId, other]
  const {stdout} = spawnSync(need('strace'), ['-f', '-o', trace, '-e', changes, ...inject, ...node])
  return {
    file,
    sessionId,
    stdout: String(stdout),
    calls: readFileSync(trace, 'utf8').match(/\b(rename|link|unlink)\w*\(/g),
  }
}

test.each(['its WAL is deleted', 'another log takes its place'])(
  'a kill while a log is written back after %s hides no session and takes no event with it',
  (loss) => {
    using rehearsal = createLogFolder()
    const otherIn = (folder: LogFolder) => (loss === 'its WAL is deleted' ? undefined : folder.writeLog([info]).file)
    const {stdout, calls} = run(rehearsal, {other: otherIn(rehearsal)})
    expect(stdout).toBe('appended')
    for (let killAt = 1; killAt <= calls!.length; killAt++) {
      using folder = createLogFolder()
      const other = otherIn(folder)
      const {file, sessionId} = run(folder, {killAt, other})
      expect(existsSync(file), `after a kill at change ${killAt}`).toBe(true)
      expect(listSessions(folder.path).map(({id}) => id)).toContain(sessionId)
      if (other !== undefined) continue
      const {log} = openOrRepairLog({file, sessionId})
      expect(log.read().map(({type}) => type)).toEqual(expect.arrayContaining(['session.info', 'prompt.queued']))
      log.close()
    }
  },
  60_000,
)

import {readFileSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {sessionPaths} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createHome, type Home} from './home.ts'
import {sessionsOf} from './sessions-of.ts'
import {canMount, mountSmallDisk} from './small-disk.ts'
import {openTui} from './tui.ts'
import {until} from './until.ts'

interface WireEvent {
  type: string
  seq: number
  payload: {text?: string; status?: string}
}

const smallDisk = (home: Home, megabytes: number) =>
  mountSmallDisk(home.state, megabytes, async () => {
    await home.holdfast(['close', '--all'])
    await until(() => home.processes().length === 0, {what: 'the end of all processes'})
  })

async function eventsOf(home: Home, id: string): Promise<WireEvent[]> {
  const {stdout} = await home.holdfast(['show', id, '--json'])
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as WireEvent)
}

test.skipIf(!canMount)(
  'disk full: the screen says that nothing is saved, prompts are refused, and all goes on when there is room',
  async () => {
    await using home = createHome()
    await using disk = smallDisk(home, 64)
    await using tui = await openTui(home)
    await tui.submit('echo ready')
    await tui.waitFor(/^✓/m)
    const [{id}] = await sessionsOf(home)

    disk.fill(1024 * 1024)
    await tui.submit('seq 1 1000000')
    await tui.waitFor('not saved')
    expect(tui.screen()).toMatch(/What happens is not saved, and waits:.*full/s)
    const refused = await home.holdfast(['run', '--session', id, '--', 'true'])
    expect(refused).toMatchObject({exitCode: 1, stdout: '', stderr: expect.stringMatching(/^holdfast: .*full\n$/)})

    disk.makeRoom()
    await tui.waitFor(/^1000000\n✓/m, {timeoutMs: 40_000})
    expect(tui.screen()).not.toContain('not saved')

    const events = await eventsOf(home, id)
    expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
    const begin = events.findLastIndex(({type}) => type === 'message.start')
    const output = events.slice(begin).map(({type, payload}) => (type === 'message.delta' ? payload.text : ''))
    const numbers = Array.from({length: 1_000_000}, (_, index) => `${index + 1}\r\n`).join('')
    expect(output.join('') === numbers).toBe(true)

    const database = new DatabaseSync(sessionPaths(home.state, id).log, {readOnly: true})
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({integrity_check: 'ok'})
    database.close()
  },
)

/** Runs a command in a new session; gives the session's id when its host has been killed. */
async function killedSession(home: Home, command: string): Promise<string> {
  await home.holdfast(['run', '--', command])
  const [{id}] = await sessionsOf(home)
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await until(() => home.processes().length === 0, {what: 'the end of the host'})
  return id
}

test('damaged log: what can be read stays, the damaged file is set aside, and the session goes on', async () => {
  await using home = createHome()
  const id = await killedSession(home, 'seq 1 20000')
  const {log} = sessionPaths(home.state, id)
  // Only what is in the file itself.
  const database = new DatabaseSync(log)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  const damaged = readFileSync(log).fill(7, 0, 100)
  writeFileSync(log, damaged)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'unreadable'}])
  const shown = await home.holdfast(['show', id])
  expect(shown).toMatchObject({exitCode: 1, stdout: '', stderr: expect.stringMatching(/^holdfast: [^\n]+\n$/)})

  expect(await home.holdfast(['run', '--session', id, '--', 'echo more'])).toMatchObject({
    stdout: 'more\n',
    exitCode: 0,
  })
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/\n19999\n20000\n✓/)
  expect(stdout).toContain(`The log of this session was damaged: `)
  expect(readFileSync(`${log}.damaged-1`).equals(damaged)).toBe(true)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'idle'}])
  expect(readFileSync(`${home.state}/logs/crash.log`, 'utf8')).toContain('log-mended')
})

test('log of a newer version: refused with what to do, not touched, and other sessions work', async () => {
  await using home = createHome()
  const id = await killedSession(home, 'true')
  const {log} = sessionPaths(home.state, id)
  const database = new DatabaseSync(log)
  database.exec('PRAGMA user_version = 99')
  database.close()
  const before = readFileSync(log)
  for (const args of [
    ['show', id],
    ['run', '--session', id, '--', 'true'],
    ['rename', id, 'x'],
  ]) {
    const {exitCode, stderr} = await home.holdfast(args)
    expect({exitCode, stderr}).toEqual({
      exitCode: 1,
      stderr: `holdfast: Expected a log of format 2 or older, ${log} has format 99: use the Holdfast that wrote it, or a newer one\n`,
    })
  }
  expect(readFileSync(log).equals(before)).toBe(true)
  expect(await home.holdfast(['run', '--', 'echo fine'])).toMatchObject({stdout: 'fine\n', exitCode: 0})
  expect((await sessionsOf(home)).map(({state}) => state)).toEqual(['idle', 'unreadable'])
})

import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'

import {openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** Runs a command in a new session; returns the session's id. */
async function startSession(home: Home, command: string): Promise<string> {
  await home.holdfast(['run', '--keep', '--', command])
  return (await sessionsOf(home))[0].id
}

/** Ends the host of a session, and nothing else. */
async function killHost(home: Home): Promise<void> {
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await until(() => home.processes().length === 0, {what: 'the end of the host'})
}

test('a log that is deleted while its host lives is written back before the next prompt, with a notice', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo first')
  const {log} = sessionPaths(home.state, id)
  const listed = await sessionsOf(home)
  for (const suffix of ['', '-wal', '-shm']) rmSync(log + suffix, {force: true})
  // Until then, it is listed as before.
  expect(await sessionsOf(home)).toEqual(listed)
  expect(await home.holdfast(['run', '--session', id, '--', 'echo second'])).toMatchObject({
    stdout: 'second\n',
    exitCode: 0,
  })
  await killHost(home)
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/^first\n[^]*was deleted, moved, replaced or truncated[^]*^second\n/m)
  expect(readFileSync(`${home.state}/logs/crash.log`, 'utf8')).toContain('log-written-back')
})

test('a home that is deleted under an open screen: the session goes on, and its log is there again', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo first')
  await tui.waitFor(/^first\n✓/m)
  const [{id}] = await sessionsOf(home)
  const host = await home.process('host')
  rmSync(home.state, {recursive: true})
  await tui.submit('echo second')
  await tui.waitFor(/^second\n✓/m)
  expect(tui.screen()).toContain('was deleted, moved, replaced or truncated')
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/^first\n[^]*^second\n/m)
  // Its PID file is gone: no command finds it any more.
  process.kill(host.pid, 'SIGTERM')
})

const odd: [string, (path: string) => void][] = [
  ['a FIFO', (path) => void execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
  ['a symbolic link', (path) => symlinkSync('/dev/zero', path)],
]

test.each(odd)(
  '%s in the place of a log is named by every command, and no other session notices',
  async (kind, create) => {
    await using home = createHome()
    const id = await startSession(home, 'echo needle')
    await home.holdfast(['close', id])
    await until(() => home.processes().length === 0, {what: 'the end of the host'})
    const other = await startSession(home, 'echo needle, too')
    const {log} = sessionPaths(home.state, id)
    rmSync(log)
    create(log)
    const named = `found ${kind}`

    expect((await sessionsOf(home)).map((session) => [session.id, session.state])).toEqual([
      [other, 'idle'],
      [id, 'unreadable'],
    ])
    expect((await home.holdfast(['doctor'])).stdout).toContain(named)
    for (const args of [
      ['show', id],
      ['run', '--session', id, '--', 'true'],
      ['rename', id, 'x'],
    ]) {
      const {exitCode, stderr} = await home.holdfast(args)
      expect({args, exitCode, stderr}).toEqual({args, exitCode: 8, stderr: expect.stringContaining(named) as string})
    }
    const found = await home.holdfast(['search', 'needle'])
    expect(found).toMatchObject({exitCode: 0, stderr: expect.stringContaining(id)})
    expect(found.stdout).toContain('needle, too')
    expect(await home.holdfast(['prune', '--older-than', '0d', '--yes'])).toMatchObject({exitCode: 0})
    expect(await home.holdfast(['run', '--session', other, '--', 'echo fine'])).toMatchObject({stdout: 'fine\n'})
    rmSync(log, {recursive: true})
  },
)

test.each(odd)('%s in the place of what lies beside a log costs no session', async (_, create) => {
  await using home = createHome()
  const id = await startSession(home, 'echo first')
  await killHost(home)
  const {log, lease, socket, stderr} = sessionPaths(home.state, id)
  for (const path of [socket, stderr, lease, `${log}.repair-needed`]) {
    rmSync(path, {force: true})
    create(path)
    const {exitCode, stdout, stderr: said} = await home.holdfast(['run', '--session', id, '--', 'echo on'])
    if (exitCode === 0) expect({path, stdout}).toEqual({path, stdout: 'on\n'})
    else expect({path, said}).toEqual({path, said: expect.stringContaining(path) as string})
    expect((await home.holdfast(['show', id])).stdout).toMatch(/^first$/m)
    if (exitCode === 0) await killHost(home)
    rmSync(path, {recursive: true, force: true})
  }
  expect(existsSync(log)).toBe(true)
})

test('a new session no longer depends on its WAL', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo first')
  const {log} = sessionPaths(home.state, id)
  await until(() => readFileSync(`${log}-wal`).length === 0, {what: 'an empty WAL'})
  await killHost(home)
  for (const suffix of ['-wal', '-shm']) rmSync(log + suffix, {force: true})
  expect((await home.holdfast(['show', id])).stdout).toMatch(/^first\n✓/m)
})

test('one wrong bit in the WAL of a killed host: the session is listed, and its next host recovers everything', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo first')
  await killHost(home)
  const {log: file} = sessionPaths(home.state, id)
  const log = openSqliteLog({file, sessionId: id})
  log.append([{type: 'note', payload: {text: 'only in the WAL', level: 'info'}}])
  const [database, wal] = [readFileSync(file), readFileSync(`${file}-wal`)]
  log.close()
  writeFileSync(file, database)
  wal[16]! ^= 1
  writeFileSync(`${file}-wal`, wal)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'unreadable'}])
  expect((await home.holdfast(['doctor'])).stdout).toContain(`the log of session ${id} cannot be read`)
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/^first\n[^]*only in the WAL[^]*0 are lost/m)
})

import {execFileSync} from 'node:child_process'
import {copyFileSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

import {logFormat, sessionPaths} from '@holdfast/event-log'
import {listenWebSocket} from '@holdfast/transport/websocket'
import {expect, test} from 'vitest'

import {rewriteLog} from '../../../../packages/event-log/test/fixtures/alter-log.ts'
import {eventsOf} from '../support/events-of.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openSmallDisk} from '../support/small-disk.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('disk full: the screen says that nothing is saved, prompts are refused, and both continue when there is room', async () => {
  await using disk = await openSmallDisk(64)
  await using home = createHome({state: disk.folder, launcher: disk.launcher})
  await using tui = await openTui(home)
  await tui.submit('echo ready')
  await tui.waitFor(/^✓/m)
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['run', '--keep', '--', 'true'])
  const [other] = await sessionsOf(home)
  await home.holdfast(['close', other.id])

  disk.fill(1024 * 1024)
  await tui.submit('seq 1 1000000')
  await tui.waitFor('not saved')
  expect(tui.screen()).toMatch(/Events are not saved yet; the host keeps trying:.*full/s)
  const refused = await home.holdfast(['run', '--session', id, '--', 'true'])
  expect(refused).toMatchObject({
    exitCode: 8,
    stdout: '',
    stderr: expect.stringMatching(/^(holdfast: .* is full: free some space, then try again\n)+$/),
  })
  // Deleting a session works on a full disk.
  expect(await home.holdfast(['delete', other.id])).toMatchObject({exitCode: 0, stderr: ''})

  disk.makeRoom()
  await tui.waitFor(/^1000000\n✓/m, {timeoutMs: 40_000})
  expect(tui.screen()).not.toContain('not saved')

  const events = await eventsOf(home, id)
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
  const begin = events.findLastIndex(({type}) => type === 'message.start')
  const output = events.slice(begin).map(({type, payload}) => (type === 'message.delta' ? payload.text : ''))
  const numbers = Array.from({length: 1_000_000}, (_, index) => `${index + 1}\r\n`).join('')
  expect(output.join('') === numbers).toBe(true)

  await home.holdfast(['close', id])
  await until(() => home.processes().every(({role}) => role !== 'host'), {what: 'the end of the host'})
  const copy = `${home.temporary}/log.db`
  copyFileSync(sessionPaths(disk.view, id).log, copy)
  const database = new DatabaseSync(copy, {readOnly: true})
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({integrity_check: 'ok'})
  database.close()
})

test('Ctrl-C on a full disk: the command gets it at once, the screen says so, and its end is saved when there is room', async () => {
  await using disk = await openSmallDisk(16)
  await using home = createHome({state: disk.folder, launcher: disk.launcher})
  writeFileSync(`${home.project}/flood.sh`, `trap 'touch stopped; exit 130' INT; while :; do seq 1 100000; done`)
  await using tui = await openTui(home)
  await tui.submit('echo ready')
  await tui.waitFor(/^✓/m)
  disk.fill(512 * 1024)
  await tui.submit('sh flood.sh')
  await tui.waitFor('not saved')
  tui.press('ctrl-c')
  await until(() => existsSync(`${home.project}/stopped`), {what: 'the SIGINT'})
  await tui.waitFor('Ctrl-C was sent')
  disk.makeRoom()
  await tui.waitFor(/^■ interrupted · /m, {timeoutMs: 40_000})
  await tui.submit('echo goes on')
  await tui.waitFor(/^goes on\n✓/m)
})

/** Runs a command in a new session, and kills its host; returns the session's id. */
async function killedSession(home: Home, command: string): Promise<string> {
  await home.holdfast(['run', '--keep', '--', command])
  const [{id}] = await sessionsOf(home)
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await until(() => home.processes().length === 0, {what: 'the end of the host'})
  return id
}

test('damaged log: readable events stay, the damaged file is kept, and the session continues', async () => {
  await using home = createHome()
  const id = await killedSession(home, 'seq 1 20000')
  const {log} = sessionPaths(home.state, id)
  // Only the file itself, without its WAL.
  const database = new DatabaseSync(log)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  const damaged = readFileSync(log).fill(7, 0, 100)
  writeFileSync(log, damaged)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'unreadable'}])
  // Nobody knows when it was used.
  expect((await home.holdfast(['ls'])).stdout).toMatch(new RegExp(`^${id}  unreadable  - `, 'm'))
  expect(await home.holdfast(['run', '--session', id, '--', 'echo more'])).toMatchObject({
    stdout: 'more\n',
    exitCode: 0,
  })
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/\n19999\n20000\n✓/)
  expect(stdout).toContain(`The log of this session was damaged: `)
  expect(readFileSync(`${log}.damaged-1`).equals(damaged)).toBe(true)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'idle'}])
  expect(readFileSync(`${home.state}/logs/crash.log`, 'utf8')).toContain('log-repaired')
})

test('damaged log of a closed session: showing it repairs it', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'seq 1 5000'])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['close', id])
  await until(() => home.processes().length === 0, {what: 'the end of the host'})
  const {log} = sessionPaths(home.state, id)
  writeFileSync(log, readFileSync(log).fill(7, 0, 4096))
  const {stdout, exitCode} = await home.holdfast(['show', id])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/\n4999\n5000\n✓.*\nThe session was closed\.\n$/)
  expect(readFileSync(`${log}.damaged-1`).subarray(0, 100)).toEqual(Buffer.alloc(100, 7))
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed'}])
})

test('log of a newer version: one line says what to do, the file is unchanged, and other sessions work', async () => {
  await using home = createHome()
  const id = await killedSession(home, 'true')
  const {log} = sessionPaths(home.state, id)
  rewriteLog(log, 'PRAGMA user_version = 99')
  const before = readFileSync(log)
  for (const args of [
    ['show', id],
    ['run', '--session', id, '--', 'true'],
    ['rename', id, 'x'],
  ]) {
    const {exitCode, stderr} = await home.holdfast(args)
    expect({exitCode, stderr}).toEqual({
      exitCode: 8,
      stderr: `holdfast: a newer version of Holdfast wrote ${log}: use that version (log format 99, this version reads up to ${logFormat})\n`,
    })
  }
  expect(readFileSync(log).equals(before)).toBe(true)
  expect(await home.holdfast(['run', '--keep', '--', 'echo fine'])).toMatchObject({stdout: 'fine\n', exitCode: 0})
  expect((await sessionsOf(home)).map(({state}) => state)).toEqual(['idle', 'unreadable'])
})

test('read-only home: one line on stderr, sessions can be shown, and everything works afterwards', async () => {
  await using disk = await openSmallDisk(64)
  await using home = createHome({state: disk.folder, launcher: disk.launcher})
  await home.holdfast(['run', '--keep', '--', 'echo before'])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['close', id])
  await until(() => home.processes().length === 0, {what: 'the end of the host'})

  await disk.setReadOnly(true)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed', title: 'echo before'}])
  const shown = await home.holdfast(['show', id])
  expect(shown).toMatchObject({exitCode: 0, stderr: ''})
  expect(shown.stdout).toContain('❯ echo before\nbefore\n✓')
  for (const args of [
    ['run', '--', 'true'],
    ['delete', id],
  ]) {
    const {exitCode, stderr} = await home.holdfast(args)
    // No host can be started; the log cannot be deleted.
    expect(exitCode).toBe(args[0] === 'run' ? 6 : 1)
    expect(stderr).toMatch(/^holdfast: [^\n]*(read-only|EROFS)[^\n]*\n$/)
  }
  await disk.setReadOnly(false)
  expect(await home.holdfast(['run', '--', 'echo after'])).toMatchObject({stdout: 'after\n', exitCode: 0})
})

test('clock set back: events and output stay in order, and the session continues', async () => {
  await using home = createHome()
  const id = await killedSession(home, 'echo first')
  const {log} = sessionPaths(home.state, id)
  // The events of the log are in the future.
  rewriteLog(
    log,
    `UPDATE events SET at = at + 86400000;
     UPDATE session SET state = json_set(state, '$.updated_at', json_extract(state, '$.updated_at') + 86400000)`,
  )
  expect((await home.holdfast(['ls'])).stdout).toMatch(new RegExp(`^${id} +stopped +now `, 'm'))
  expect(await home.holdfast(['run', '--session', id, '--', 'echo second'])).toMatchObject({
    stdout: 'second\n',
    exitCode: 0,
  })
  const events = await eventsOf(home, id)
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.map(({payload}) => payload.text).filter((text) => text?.endsWith('\r\n'))).toEqual([
    'first\r\n',
    'second\r\n',
  ])
  expect((await home.holdfast(['prune', '--older-than', '12h', '--dry-run'])).stdout).toBe(
    'There is nothing to delete.\n',
  )
})

test('home on a path with special characters: sessions run, are listed, and survive a crash', async () => {
  await using home = createHome()
  const env = {HOLDFAST_HOME: `${home.user}/mein "Zuhause" – 家 🦀 %41?#`}
  expect(await home.holdfast(['run', '--', 'echo hello'], {env})).toMatchObject({
    stdout: 'hello\n',
    stderr: '',
    exitCode: 0,
  })
  const [, id = ''] = /"id":"(\w+)"/.exec((await home.holdfast(['ls', '--json'], {env})).stdout) ?? []
  expect((await home.holdfast(['show', id], {env})).stdout).toContain('\nhello\n')
  expect((await home.holdfast(['search', 'hello'], {env})).stdout).toContain(id)
  expect(await home.holdfast(['close', '--all'], {env})).toMatchObject({stderr: '', exitCode: 0})
  expect(await home.holdfast(['delete', id], {env})).toMatchObject({stderr: '', exitCode: 0})
})

test('socket path too long: one line names the limit, and nothing is left behind', async () => {
  await using home = createHome()
  const env = {HOLDFAST_HOME: `${home.user}/${'long'.repeat(30)}`}
  const {exitCode, stdout, stderr} = await home.holdfast(['run', '--', 'true'], {env})
  expect({exitCode, stdout}).toEqual({exitCode: 1, stdout: ''})
  expect(stderr).toMatch(/^holdfast: [^\n]*its sockets have paths of \d+ bytes, the limit is 103[^\n]*\n$/)
  expect(existsSync(env.HOLDFAST_HOME)).toBe(false)
})

test('out of descriptors: present clients see everything, new ones get an error until descriptors are free', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'true'])
  const [{id}] = await sessionsOf(home)
  const watcher = home.startHoldfast(['run', '--session', id, '--', `print-lines ${home.project}/out.txt 200 0.05`])
  await until(() => watcher.stdout.includes('line 5\n'), {what: 'the 5th line'})
  const {pid} = await home.process('host')
  const limit = (count: number) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:`])
  limit(1)
  const newcomer = await home.holdfast(['rename', id, 'x'])
  expect(newcomer).toMatchObject({exitCode: 6, stdout: '', stderr: expect.stringMatching(/^holdfast: [^\n]+\n$/)})
  limit(1024)
  expect(await home.holdfast(['rename', id, 'seen'])).toMatchObject({exitCode: 0, stderr: ''})
  expect((await home.process('host')).pid).toBe(pid)
  const {stdout, exitCode} = await watcher.ended
  expect(exitCode).toBe(0)
  expect(stdout.match(/^line \d+$/gm)).toEqual(Array.from({length: 200}, (_, index) => `line ${index + 1}`))
})

test.each([
  ['an older', 0],
  ['a newer', 99],
])('a host of %s protocol: one line says which program to update, and the host keeps running', async (_, protocol) => {
  await using home = createHome()
  const id = await killedSession(home, 'true')
  const {socket} = sessionPaths(home.state, id)
  rmSync(socket, {force: true})
  const ready = {type: 'gateway.ready', payload: {protocol, version: '9.9.9'}}
  const host = createServer((line) => {
    line.on('error', () => undefined)
    line.write(`${JSON.stringify({jsonrpc: '2.0', method: 'event', params: ready})}\n`)
  }).listen(socket)
  try {
    const {exitCode, stdout, stderr} = await home.holdfast(['run', '--session', id, '--', 'true'])
    expect({exitCode, stdout}).toEqual({exitCode: 9, stdout: ''})
    expect(stderr).toBe(
      `holdfast: the host of session ${id}: The peer (version 9.9.9) speaks protocol ${protocol}, this program speaks 2: update the older of the two\n`,
    )
    expect(home.processes()).toEqual([])
  } finally {
    host.close()
  }
})

test('a gateway of another protocol: one line on stderr', async () => {
  await using home = createHome()
  const listener = await listenWebSocket({host: '127.0.0.1', port: 0}, (transport) => {
    const ready = {type: 'gateway.ready', payload: {protocol: 99, version: '9.9.9'}}
    transport.write({jsonrpc: '2.0', method: 'event', params: ready})
  })
  try {
    const {exitCode, stderr} = await home.holdfast(['ls', '--connect', listener.url])
    expect(exitCode).toBe(6)
    expect(stderr).toMatch(
      /^holdfast: [^\n]*The peer \(version 9.9.9\) speaks protocol 99, this program speaks 2[^\n]*\n$/,
    )
  } finally {
    await listener.close()
  }
})

test('program deleted while it runs: the screen says that no host can be started, and the session is kept', async () => {
  await using home = createHome()
  const app = `${home.user}/app`
  const tuiFolder = dirname(dirname(cli))
  cpSync(dirname(cli), `${app}/dist`, {recursive: true})
  cpSync(`${tuiFolder}/package.json`, `${app}/package.json`)
  symlinkSync(`${tuiFolder}/node_modules`, `${app}/node_modules`)
  const [command, args] = [process.execPath, [`${app}/dist/cli.cjs`]]
  await using terminal = await openTerminal({command, args, env: home.env, cwd: home.project})
  await terminal.waitFor('· idle')
  terminal.type('echo before\r')
  await terminal.waitFor(/^before\n✓/m)
  const [{id}] = await sessionsOf(home)
  rmSync(app, {recursive: true})
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await terminal.waitFor(/The host of session \w+ [^]*cannot find|did not start|Cannot find/i, {timeoutMs: 30_000})
  await terminal.waitFor('detached · /restart tries again', {timeoutMs: 30_000})
  expect((await home.holdfast(['show', id])).stdout).toContain('\nbefore\n')
})

import {realpathSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {rewriteLog} from '../../../../packages/event-log/test/fixtures/alter-log.ts'
import {eventsOf, parseEvents} from '../support/events-of.ts'
import {createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'
import {until} from '../support/until.ts'

test('ls lists the sessions, most recently used first, with the states that scripts rely on', async () => {
  await using home = createHome()
  const first = await startSession(home, 'true')
  const second = await startSession(home, 'sleep 60', '--no-wait')
  const closed = await startSession(home, 'echo over')
  await home.holdfast(['close', closed])

  const sessions = await sessionsOf(home)
  expect(sessions.map(({id}) => id)).toEqual([closed, second, first])
  for (const session of sessions) {
    expect(Object.keys(session)).toEqual(['id', 'title', 'agent', 'cwd', 'state', 'created_at'])
    expect(session).toMatchObject({agent: 'shell', cwd: realpathSync(home.project)})
    expect(Math.abs(session.created_at - Date.now())).toBeLessThan(60_000)
  }
  expect(sessions.map(({title, state}) => ({title, state}))).toEqual([
    {title: 'echo over', state: 'closed'},
    {title: 'sleep 60', state: 'running'},
    {title: 'true', state: 'idle'},
  ])
  const table = (await home.holdfast(['ls'])).stdout
  expect(table.split('\n')[2]).toMatch(new RegExp(`^${second} +running `))
})

test('ls cuts long titles and folders to the width of a terminal, and nothing in a pipe', async () => {
  await using home = createHome()
  await startSession(home, `true\nprintf %s ${'long '.repeat(12)}`)
  const [command, ...args] = home.launch(home.project, ['ls'])
  await using terminal = await openTerminal({command, args, env: home.env, cwd: home.project, cols: 60})
  await terminal.exited
  const rows = terminal.scrollback().trimEnd().split('\n')
  expect(rows).toHaveLength(2)
  expect(rows.filter((row) => row.length > 60)).toEqual([])
  expect(rows[1]).toMatch(/ true ⏎ pr.*…/)
  expect((await home.holdfast(['ls'])).stdout).toMatch(/ true ⏎ printf %s (?:long ){8}.* \//)
})

test('ls says so when there are no sessions', async () => {
  await using home = createHome()
  expect(await home.holdfast(['ls', '--json'])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  expect((await home.holdfast(['ls'])).stdout).toMatch(/^No sessions yet/)
})

test('close --all counts the sessions on a terminal, and prints nothing elsewhere', async () => {
  await using home = createHome()
  for (const command of ['true', 'sleep 60', 'trap "" HUP TERM; sleep 60'])
    await startSession(home, command, ...(command === 'true' ? [] : ['--no-wait']))
  const [command, ...args] = home.launch(home.project, ['close', '--all'])
  await using terminal = await openTerminal({command, args, env: home.env, cwd: home.project})
  await terminal.exited
  expect(terminal.scrollback().trimEnd()).toBe('Closed 3 of 3 sessions.')
  expect((await sessionsOf(home)).map(({state}) => state)).toEqual(['closed', 'closed', 'closed'])
  expect(await home.holdfast(['close', '--all'])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
})

test('show prints prompts and output, even of a closed session', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo hello; printf "no end"; false')
  await home.holdfast(['close', id])
  const {stdout, stderr, exitCode} = await home.holdfast(['show', id])
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  expect(stdout).toContain('echo hello; printf "no end"; false\nhello\nno end\n')
  expect(stdout).toMatch(/exit 1/)
})

test('show --json prints the events of the wire; --after, only those after a seq', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo hello')
  const all = await eventsOf(home, id)
  expect(all.map(({seq}) => seq)).toEqual(all.map((_, index) => index + 1))
  expect(all.map(({type}) => type)).toEqual([
    'session.info',
    'prompt.queued',
    'message.start',
    'message.delta',
    'message.complete',
  ])
  expect(await eventsOf(home, id, '--after', '3')).toEqual(all.slice(3))
  expect(await eventsOf(home, id, '--after', '100')).toEqual([])
})

test('show skips an event that it does not understand, reports it, and prints the rest', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo first')
  await home.holdfast(['run', '--session', id, '--', 'echo second'])
  await home.holdfast(['close', id])
  rewriteLog(sessionPaths(home.state, id).log, `UPDATE events SET payload = '{"of": "another make"}' WHERE seq = 3`)
  const {stdout, stderr, exitCode} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/^first\n[^]*^❯ echo second\nsecond\n/m)
  expect(stderr).toMatch(/^holdfast: event 3 \(`message.start`\) cannot be read: .*\n$/)
  expect(exitCode).toBe(0)
})

test('show --follow prints events as they arrive, until the session is closed', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo one')
  const show = home.startHoldfast(['show', id, '--follow', '--json'])
  await until(() => show.stdout.includes('"message.complete"'), {what: 'the events so far'})
  await home.holdfast(['run', '--session', id, '--', 'echo two'])
  await until(() => show.stdout.includes('two'), {what: 'a new event'})
  await home.holdfast(['close', id])
  const {stdout, stderr, exitCode} = await show.ended
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  expect(parseEvents(stdout)).toEqual(await eventsOf(home, id))
})

test('close ends a session, its host and its command; its log stays', async () => {
  await using home = createHome()
  const id = await startSession(home, 'sleep 61', '--no-wait')
  await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the command'})
  expect(await home.holdfast(['close', id])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  await until(() => home.processes().length === 0, {what: 'the end of all processes'})
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed'}])
  expect((await eventsOf(home, id)).map(({type}) => type).slice(-2)).toEqual(['message.complete', 'session.closed'])
})

test('close names a session that cannot be closed, and closes the others', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  const missing = createSessionId()
  const {stderr, exitCode} = await home.holdfast(['close', missing, id])
  expect(stderr).toMatch(new RegExp(`^holdfast: there is no session ${missing}.*\n$`))
  expect(exitCode).toBe(3)
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed'}])
})

test('close --all closes all open sessions', async () => {
  await using home = createHome()
  await startSession(home, 'sleep 62', '--no-wait')
  await startSession(home, 'true')
  expect(await home.holdfast(['close', '--all'])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  expect((await sessionsOf(home)).map(({state}) => state)).toEqual(['closed', 'closed'])
  expect(await home.holdfast(['close', '--all'])).toMatchObject({stderr: '', exitCode: 0})
})

test('closing does not count as use: sessions stay in their order', async () => {
  await using home = createHome()
  const first = await startSession(home, 'true')
  const second = await startSession(home, 'true')
  await home.holdfast(['close', first])
  expect((await sessionsOf(home)).map(({id}) => id)).toEqual([second, first])
})

test('ls lists a session whose host was killed as stopped, and close closes it', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await until(() => home.processes().length === 0, {what: 'the end of the host'})
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'stopped'}])
  expect(await home.holdfast(['close', id])).toMatchObject({stderr: '', exitCode: 0})
  expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed'}])
})

test.for([
  [['show', '0000000000'], '0000000000'],
  [['show', '0000000000', '--follow'], '0000000000'],
  [['close', '0000000000'], '0000000000'],
  [['run', '--session', '0000000000', '--', 'true'], '0000000000'],
  [['show', 'no id at all'], 'no id at all'],
  [['show', 'nope', '--follow'], 'nope'],
  [['close', '0000000000', 'nope'], 'nope'],
  [['run', '--session', 'nope', '--', 'true'], 'nope'],
] as const)('an unknown session is one clear line and status 3: holdfast %j', async ([args, id]) => {
  await using home = createHome()
  expect(await home.holdfast(args)).toMatchObject({
    exitCode: 3,
    stdout: '',
    stderr: `holdfast: there is no session ${id}; \`holdfast ls\` lists them\n`,
  })
})

test('run in a closed session fails with one line and status 4; closing it again succeeds', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  await home.holdfast(['close', id])
  const {exitCode, stdout, stderr} = await home.holdfast(['run', '--session', id, '--', 'true'])
  expect({exitCode, stdout, stderr}).toEqual({
    exitCode: 4,
    stdout: '',
    stderr: `holdfast: session ${id} is closed: open another one\n`,
  })
  expect(await home.holdfast(['close', id])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
})

test('two clients of a session see all events, and both may act', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  const watchers = [1, 2].map(() => home.startHoldfast(['show', id, '--follow', '--json']))
  await until(() => watchers.every(({stdout}) => stdout.includes('message.complete')), {what: 'two watchers'})
  const runs = ['one', 'two'].map((word) =>
    home.holdfast(['run', '--session', id, '--', `print-lines ${word} 20 0.01`]),
  )
  for (const {stdout, exitCode} of await Promise.all(runs)) {
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^pid \d+\nline 1\n(?:line \d+\n){18}line 20\n$/)
  }
  await home.holdfast(['close', id])
  const all = await eventsOf(home, id)
  for (const watcher of watchers) expect(parseEvents((await watcher.ended).stdout)).toEqual(all)
})

/** Runs a command in a new session; returns the session's id. */
async function startSession(home: Home, command: string, ...options: string[]): Promise<string> {
  const known = await home.holdfast(['ls', '--json'])
  await home.holdfast(['run', '--keep', ...options, '--', command])
  const added = (await sessionsOf(home)).find(({id}) => !known.stdout.includes(id))
  if (added === undefined) throw new Error(`Expected a new session for \`${command}\`, there is none`)
  return added.id
}

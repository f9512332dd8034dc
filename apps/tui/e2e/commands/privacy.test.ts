import {existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {rewriteLog} from '../../../../packages/event-log/test/fixtures/alter-log.ts'
import {need} from '../../../../tooling/vitest/need.ts'
import {filesBelow, filesWith} from '../support/files-with.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** Texts that must not get into other files. */
const words = {prompt: 'secretprompt', output: 'SECRETOUTPUT', draft: 'secretdraft', environment: 'secretenvironment'}

/** A session that contains all of the words; its host is running. */
async function useSession(home: Home): Promise<string> {
  await using tui = await openTui(home, [], {env: {TOKEN: words.environment, HISTFILE: ''}})
  await tui.submit(`echo ${words.prompt} | tr a-z A-Z; echo ${words.output.toLowerCase()} | tr a-z A-Z`)
  await tui.waitFor(/^SECRETOUTPUT\n✓/m)
  tui.type(words.draft)
  const [{id}] = await sessionsOf(home)
  await until(() => filesWith(home, words.draft).length > 0, {what: 'the draft to be saved'})
  return id
}

const untilEnded = (home: Home) => until(() => home.processes().length === 0, {what: 'the end of all processes'})

test('prompts, output and drafts are in the log of their session, and in no other file', async () => {
  await using home = createHome()
  const id = await useSession(home)
  const {log} = sessionPaths(home.state, id)
  for (const word of [words.prompt, words.output, words.draft]) {
    const files = filesWith(home, word)
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => file !== log && file !== `${log}-wal`)).toEqual([])
  }
  expect(filesWith(home, words.environment)).toEqual([])
  await home.holdfast(['close', id])
  await untilEnded(home)
  expect(filesWith(home, words.prompt)).toEqual([log])
})

test('input for a program that does not echo it is in no file', async () => {
  await using home = createHome()
  const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env})})
  const id = await client.createSession({cwd: home.project})
  let printed = ''
  const session = await client.openSession(id, {
    onEvent: (event) => void (event.type === 'message.delta' && (printed += event.payload.text ?? '')),
  })
  await session.submit('read -rsp "password: " answer; echo; echo "${#answer} letters"')
  await until(() => printed.includes('password: '), {what: 'the question'})
  await session.input(Buffer.from(`${words.environment}\r`))
  await until(() => printed.includes(`${words.environment.length} letters`), {what: 'the answer to be taken'})
  expect(filesWith(home, words.environment)).toEqual([])
  await client.close()
})

test('the shell keeps its own history, which delete does not touch', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', `echo ${words.prompt}`])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['close', id])
  await untilEnded(home)
  await home.holdfast(['delete', id])
  expect(filesWith(home, words.prompt)).toEqual([`${home.user}/.bash_history`])
})

test.each([
  ['delete', (id: string) => ['delete', id]],
  ['prune', () => ['prune', '--older-than', '30d', '--yes']],
] as const)('%s leaves nothing of a session: no log, no WAL, no copy, no socket, no lease', async (_, argsFor) => {
  await using home = createHome()
  const id = await useSession(home)
  await home.holdfast(['close', id])
  await untilEnded(home)
  const {log} = sessionPaths(home.state, id)
  // As if the session had last been used in 1970.
  rewriteLog(log, `UPDATE session SET state = json_set(state, '$.updated_at', 1)`)
  // A copy from before a migration, and a damaged log that was set aside.
  for (const kept of [`${log}.format-1`, `${log}.damaged-1`, `${log}.damaged-1-wal`]) writeFileSync(kept, words.prompt)
  expect(await home.holdfast(argsFor(id))).toMatchObject({exitCode: 0, stderr: ''})
  expect(Object.values(words).flatMap((word) => filesWith(home, word))).toEqual([])
  expect(filesBelow(home).filter((file) => file.includes(id) && !file.endsWith('.pid'))).toEqual([])
})

test('a draft that was cleared stays in the log until its session is deleted', async () => {
  await using home = createHome()
  const id = await useSession(home)
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor(words.draft)
  tui.press('ctrl-c')
  await until(async () => (await home.holdfast(['show', id, '--json'])).stdout.includes('"text":""'), {
    what: 'the draft to be cleared',
  })
  const database = new DatabaseSync(sessionPaths(home.state, id).log, {readOnly: true})
  const rows = database.prepare(`SELECT payload FROM events WHERE type = 'draft.updated'`).all()
  database.close()
  expect(rows.map(({payload}) => String(payload)).join('\n')).toContain(words.draft)
})

test.for(['bash', 'zsh', 'fish', 'dash'] as const)(
  'the files of a shell are private, contain no prompts, and are removed with it: %s',
  async (shell) => {
    const path = need(shell)
    await using home = createHome()
    await home.holdfast(['run', '--keep', '--shell', path, '--', `echo ${words.prompt}`])
    const [{id}] = await sessionsOf(home)
    const {shells} = sessionPaths(home.state, id)
    const files = readdirSync(shells, {recursive: true, encoding: 'utf8'}).map((name) => `${shells}/${name}`)
    for (const file of [shells, ...files]) expect((lstatSync(file).mode & 0o077).toString(8)).toBe('0')
    expect(filesWith(home, words.prompt).filter((file) => file.startsWith(shells))).toEqual([])
    // fish has a folder there.
    expect(readdirSync(home.temporary).filter((name) => name.startsWith('holdfast'))).toEqual([])
    // A host that is killed leaves them to the next one.
    writeFileSync(`${shells}/left`, '')
    const host = await home.process('host')
    process.kill(host.pid, 'SIGKILL')
    await waitForExit(host)
    await home.holdfast(['run', '--session', id, '--', 'true'])
    expect(readdirSync(shells)).not.toContain('left')
    await home.holdfast(['close', '--all'])
    await untilEnded(home)
    expect(existsSync(shells)).toBe(false)
  },
)

test.each(['bash', 'zsh', 'fish'] as const)('what %s reports for completions is in no file', async (shell) => {
  await using home = createHome()
  await using tui = await openTui(home, ['--shell', need(shell)])
  await tui.waitFor('· idle')
  const reversed = words.environment.split('').toReversed().join('')
  await tui.submit(`${shell === 'fish' ? 'set hushed ' : 'hushed=$'}(echo ${reversed} | rev)`)
  await tui.waitFor(/✓/)
  tui.type('echo $hush\t')
  await tui.waitFor(/^❯ echo \$hushed/m)
  expect(filesWith(home, words.environment)).toEqual([])
  await home.holdfast(['close', '--all'])
  expect(filesWith(home, words.environment)).toEqual([])
})

test('no process of a session has a network socket, unless it serves', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo hello')
  await tui.waitFor(/^hello\n✓/m)
  expect(socketsOf(home).length).toBeGreaterThan(2)
  expect(networkSocketsOf(home)).toEqual([])
})

test('no process opens a debugger for other users of the machine at SIGUSR1', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo one')
  await tui.waitFor(/^one\n✓/m)
  const ours = home.processes().filter(({role}) => role !== 'program')
  expect(ours.map(({role}) => role).toSorted()).toEqual(['client', 'gateway', 'host'])
  for (const {pid} of ours) process.kill(pid, 'SIGUSR1')
  await tui.submit('echo two')
  await tui.waitFor(/^two\n✓/m)
  expect(networkSocketsOf(home)).toEqual([])
})

/** The sockets of all processes of a home. */
function socketsOf(home: Home): string[] {
  const folders = home.processes().map(({pid}) => `/proc/${pid}/fd`)
  const descriptors = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  return descriptors.flatMap((descriptor) => /^socket:\[(\d+)\]$/.exec(linkOf(descriptor))?.[1] ?? [])
}

function networkSocketsOf(home: Home): string[] {
  const all = networkSockets()
  return socketsOf(home).filter((inode) => all.has(inode))
}

function networkSockets(): Set<string> {
  const tables = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6']
  const rows = tables.flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1))
  return new Set(rows.map((row) => row.trim().split(/\s+/)[9] ?? ''))
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

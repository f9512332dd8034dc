import {readdirSync, readFileSync, writeFileSync} from 'node:fs'

import {homePaths, sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {rewriteLog} from '../../../../packages/event-log/test/fixtures/alter-log.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openSmallDisk} from '../support/small-disk.ts'
import {openTerminal} from '../support/terminal.ts'

const day = 86_400_000

/** Runs a command in a new session; returns the session's id. */
async function startSession(home: Home, command: string): Promise<string> {
  await home.holdfast(['run', '--keep', '--', command])
  return (await sessionsOf(home))[0].id
}

/** Closes a session, and sets the time of its last use. */
async function closeLongAgo(home: Home, id: string, daysAgo: number): Promise<void> {
  await home.holdfast(['close', id])
  // Its host needs a moment to exit.
  const updatedAt = Date.now() - daysAgo * day
  rewriteLog(
    sessionPaths(home.state, id).log,
    `UPDATE session SET state = json_set(state, '$.updated_at', ${updatedAt})`,
  )
}

const filesOf = (home: Home) => readdirSync(homePaths(home.state).sessions)

test('search finds lines in all sessions and names the sessions; its status is 1 if there are none', async () => {
  await using home = createHome()
  const first = await startSession(home, 'echo "The Needle is here"; echo nothing')
  const second = await startSession(home, 'printf "a need"; sleep 0.05; echo le')
  await home.holdfast(['close', first])

  const found = await home.holdfast(['search', 'NEEDLE'])
  expect(found).toMatchObject({exitCode: 0, stderr: ''})
  expect(found.stdout).toContain(`${second}  now  printf "a need"; sleep 0.05; echo le\n  a needle\n`)
  expect(found.stdout).toContain('  The Needle is here\n')
  const json = await home.holdfast(['search', '--json', 'here', 'needle', 'the'])
  const lines = json.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as {text: string})
  expect(lines.map(({text}) => text)).toContain('The Needle is here')
  expect(lines.at(-1)).toMatchObject({id: first, prompt_id: expect.any(String), seq: expect.any(Number)})
  expect(await home.holdfast(['search', 'in no session'])).toMatchObject({exitCode: 1, stdout: '', stderr: ''})
})

test('rename changes the title of a session, even of a stopped one', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  process.kill((await home.process('host')).pid, 'SIGKILL')
  expect(await home.holdfast(['rename', id, 'the', 'build'])).toMatchObject({exitCode: 0, stdout: '', stderr: ''})
  expect(await sessionsOf(home)).toMatchObject([{id, title: 'the build', state: 'idle'}])
})

test('export to a full disk: one line says so, no file is left, and it works when there is room', async () => {
  await using disk = await openSmallDisk(16)
  await using home = createHome({launcher: disk.launcher})
  const id = await startSession(home, 'seq 1 300000')
  const path = `${disk.folder}/session.md`
  const writeIt = () => home.holdfast(['export', id, '--output', path])
  const full = 'is full: free some space, then try again'
  const noInodes = 'has no room for more files (it is out of inodes): delete some files, then try again'
  const states = [
    [() => disk.fill(1024 * 1024), full],
    [() => disk.fill(0), full],
    [() => disk.fillInodes(0), noInodes],
  ] as const
  for (const [fill, why] of states) {
    fill()
    const stderr = `holdfast: \`${path}\` cannot be written: the disk of ${disk.folder} ${why}\n`
    expect(await writeIt()).toMatchObject({exitCode: 7, stdout: '', stderr})
    expect(readdirSync(disk.view)).toEqual(['filler'])
    disk.makeRoom()
  }
  expect(await writeIt()).toMatchObject({exitCode: 0, stderr: ''})
  expect(readdirSync(disk.view)).toEqual(['session.md'])
  expect(readFileSync(`${disk.view}/session.md`, 'utf8')).toBe((await home.holdfast(['export', id])).stdout)
})

test('export writes a session as Markdown or as events, and never overwrites a file', async () => {
  await using home = createHome()
  const id = await startSession(home, 'echo exported')
  const page = await home.holdfast(['export', id])
  expect(page).toMatchObject({exitCode: 0, stderr: ''})
  expect(page.stdout).toContain('```sh\necho exported\n```\n\n    exported\n\n✓')

  expect(await home.holdfast(['export', id, '--format', 'jsonl', '--output', 'events.jsonl'])).toMatchObject({
    exitCode: 0,
    stdout: '',
  })
  const file = `${home.project}/events.jsonl`
  const events = readFileSync(file, 'utf8')
  expect(events).toBe((await home.holdfast(['show', '--json', id])).stdout)
  const again = await home.holdfast(['export', id, '--output', 'events.jsonl'])
  expect(again).toMatchObject({exitCode: 7, stdout: ''})
  expect(again.stderr).toContain('`events.jsonl` already exists: choose another file')
  expect(readFileSync(file, 'utf8')).toBe(events)

  const unknown = await home.holdfast(['export', '0000000000', '--output', 'other.md'])
  expect(unknown).toMatchObject({exitCode: 3})
  expect(unknown.stderr).toContain('there is no session 0000000000')
  expect(readdirSync(home.project)).not.toContain('other.md')
})

test('export to a folder that is missing, or is none, says so in one sentence', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  writeFileSync(`${home.project}/file`, '')
  expect(await home.holdfast(['export', id, '--output', 'gone/session.md'])).toMatchObject({
    exitCode: 7,
    stderr:
      'holdfast: `gone/session.md` cannot be written: there is no folder `gone`: make it, or choose another one\n',
  })
  expect(await home.holdfast(['export', id, '--output', 'file/session.md'])).toMatchObject({
    exitCode: 7,
    stderr: 'holdfast: `file/session.md` cannot be written: `file` is not a folder: choose another one\n',
  })
})

test('delete deletes a closed session, and refuses an open one', async () => {
  await using home = createHome()
  const id = await startSession(home, 'true')
  expect(await home.holdfast(['delete', id])).toMatchObject({
    exitCode: 4,
    stderr: `holdfast: session ${id} is open: \`holdfast close ${id}\` first\n`,
  })
  await home.holdfast(['close', id])
  expect(await home.holdfast(['delete', id])).toMatchObject({exitCode: 0, stdout: '', stderr: ''})
  expect(filesOf(home)).toEqual([])
  expect(await home.holdfast(['delete', id])).toMatchObject({
    exitCode: 3,
    stderr: `holdfast: there is no session ${id}; \`holdfast ls\` lists them\n`,
  })
})

test('prune deletes closed and stopped sessions that were not used for long, lists them, and asks at a terminal', async () => {
  await using home = createHome()
  const [old, older, fresh, open] = [
    await startSession(home, 'echo old'),
    await startSession(home, 'echo older'),
    await startSession(home, 'echo fresh'),
    await startSession(home, 'echo open'),
  ]
  await closeLongAgo(home, old, 31)
  await closeLongAgo(home, older, 60)
  await home.holdfast(['close', fresh])
  const said = `${old}  closed  31 d ago  echo old\n${older}  closed  60 d ago  echo older\n`

  expect(await home.holdfast(['prune', '--older-than', '30d'])).toMatchObject({
    exitCode: 2,
    stderr: 'holdfast: there is no terminal to ask for confirmation: use --yes or --dry-run\n',
  })
  const dry = await home.holdfast(['prune', '--older-than', '30d', '--dry-run'])
  expect(dry).toMatchObject({stdout: said, stderr: '', exitCode: 0})
  expect((await sessionsOf(home)).map(({id}) => id)).toEqual([open, fresh, old, older])

  const asked = await prune(home, 'n')
  expect(asked).toContain('Delete these 2 sessions for good? [y/N] n')
  expect(asked).toContain('nothing was deleted')
  expect(await sessionsOf(home)).toHaveLength(4)

  const yes = await home.holdfast(['prune', '--older-than', '8w', '--yes', '--json'])
  expect(JSON.parse(yes.stdout)).toMatchObject({id: older, title: 'echo older', state: 'closed'})
  expect(await prune(home, 'y')).not.toContain('nothing was deleted')
  expect((await sessionsOf(home)).map(({id}) => id)).toEqual([open, fresh])
  expect((await home.holdfast(['prune', '--older-than', '30d', '--yes'])).stdout).toBe('There is nothing to delete.\n')
})

/** Runs prune in a terminal and answers its question; returns the final screen. */
async function prune(home: Home, answer: string): Promise<string> {
  const args = [cli, 'prune', '--older-than', '30d']
  await using terminal = await openTerminal({command: process.execPath, args, env: home.env, cwd: home.project})
  await terminal.waitFor('[y/N]')
  terminal.type(`${answer}\r`)
  expect(await terminal.exited).toBe(0)
  return terminal.scrollback()
}

test('these commands work with --connect, too', async () => {
  await using there = createHome()
  await using here = createHome()
  const id = await startSession(there, 'echo needle')
  await using server = await startServer(there)
  const at = server.optionsFor()
  expect((await here.holdfast(['search', ...at, 'needle'])).stdout).toContain(`${id}  now`)
  expect(await here.holdfast(['rename', ...at, id, 'theirs'])).toMatchObject({exitCode: 0, stderr: ''})
  expect(await sessionsOf(there)).toMatchObject([{title: 'theirs'}])
  await closeLongAgo(there, id, 31)
  expect(await here.holdfast(['prune', ...at, '--older-than', '40d', '--yes'])).toMatchObject({exitCode: 0})
  expect(filesOf(there)).not.toEqual([])
  expect(await here.holdfast(['delete', ...at, id])).toMatchObject({exitCode: 0, stderr: ''})
  expect(filesOf(there)).toEqual([])
})

test('tag changes the tags of a session, and ls finds sessions by them', async () => {
  await using home = createHome()
  const web = await startSession(home, 'true')
  const api = await startSession(home, 'true')
  expect(await home.holdfast(['tag', web, 'web', '#prod'])).toMatchObject({exitCode: 0, stdout: 'web\nprod\n'})
  await home.holdfast(['tag', api, 'prod', 'old'])
  expect(await home.holdfast(['tag', api, 'api', '--remove', 'old'])).toMatchObject({stdout: 'prod\napi\n'})
  expect(await home.holdfast(['tag', api])).toMatchObject({stdout: 'prod\napi\n'})

  expect((await home.holdfast(['ls', '--tag', 'web'])).stdout).toMatch(new RegExp(`^ID.*\n${web}.*true #web #prod `))
  const both = await home.holdfast(['ls', '--json', '--tag', 'prod', '--tag', 'api'])
  expect(JSON.parse(both.stdout)).toMatchObject({id: api, tags: ['prod', 'api']})
  expect((await home.holdfast(['ls', '--tag', 'none'])).stdout).toBe('No sessions with #none.\n')
  expect(await home.holdfast(['tag', web, 'two words'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Expected a tag: 1 to 32 letters') as string,
  })

  await home.holdfast(['close', api])
  expect(await sessionsOf(home)).toMatchObject([{tags: ['prod', 'api'], state: 'closed'}, {tags: ['web', 'prod']}])
})

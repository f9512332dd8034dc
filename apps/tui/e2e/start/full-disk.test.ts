import {readdirSync, statSync, writeFileSync} from 'node:fs'

import {homePaths, sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openSmallDisk, type SmallDisk} from '../support/small-disk.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const full = /^holdfast: .*the disk of \S+ is full: free some space, then try again\n$/
const noInodes =
  /^holdfast: .*the disk of \S+ has no room for more files \(it is out of inodes\): delete some files, then try again\n$/

/** Fills the disk when the WAL of the log is empty: the bytes of a checkpoint would make room again. */
async function fillBehindLog(disk: SmallDisk, sessionId: string): Promise<void> {
  const wal = `${sessionPaths(disk.view, sessionId).log}-wal`
  await until(() => statSync(wal).size === 0, {what: 'a checkpoint'})
  disk.fill(0)
}

/** How a disk can be full, each with another step at which a start fails. */
const states: readonly [what: string, fill: (disk: SmallDisk) => void, message: RegExp][] = [
  ['is full', (disk) => disk.fill(0), full],
  ['has room for a page', (disk) => disk.fill(4096), full],
  ['has room for three pages', (disk) => disk.fill(12_288), full],
  ['has no inode', (disk) => disk.fillInodes(0), noInodes],
  ['has one inode', (disk) => disk.fillInodes(1), noInodes],
  ['has two inodes', (disk) => disk.fillInodes(2), noInodes],
  ['has three inodes', (disk) => disk.fillInodes(3), noInodes],
  ['has four inodes', (disk) => disk.fillInodes(4), noInodes],
  ['has five inodes', (disk) => disk.fillInodes(5), noInodes],
]

test.each(states)(
  'a new session on a disk that %s: one line says so and what to do, and nothing is left behind',
  async (_, fill, message) => {
    await using disk = await openSmallDisk(16)
    await using home = createHome({state: disk.folder, launcher: disk.launcher})
    await home.holdfast(['run', '--keep', '--', 'true'])
    await home.holdfast(['close', '--all'])
    await until(() => home.processes().length === 0, {what: 'the end of the host'})
    const {run, sessions} = homePaths(disk.view)
    const before = [...readdirSync(run), ...readdirSync(sessions)]

    fill(disk)
    const refused = await home.holdfast(['run', '--', 'true'])
    expect(refused).toMatchObject({stdout: '', stderr: expect.stringMatching(message)})
    // Its host, which tells why, or its storage.
    expect([6, 8]).toContain(refused.exitCode)
    await until(() => home.processes().length === 0, {what: 'the end of the host'})
    disk.makeRoom()
    expect([...readdirSync(run), ...readdirSync(sessions)]).toEqual(before)
    expect(await home.holdfast(['run', '--', 'echo again'])).toMatchObject({stdout: 'again\n', exitCode: 0})
  },
)

// The host needs a WAL again. Without inodes, it may do with the files that are left.
test.each(states.filter(([, , message]) => message === full))(
  'a session whose host has ended, on a disk that %s: one line says so and what to do, and it continues later',
  async (_, fill, message) => {
    await using disk = await openSmallDisk(16)
    await using home = createHome({state: disk.folder, launcher: disk.launcher})
    await home.holdfast(['run', '--keep', '--', 'echo kept'])
    const [{id}] = await sessionsOf(home)
    process.kill((await home.process('host')).pid, 'SIGTERM')
    await until(() => home.processes().length === 0, {what: 'the end of the host'})

    fill(disk)
    const refused = await home.holdfast(['run', '--session', id, '--', 'true'])
    expect(refused).toMatchObject({stdout: '', stderr: expect.stringMatching(message), exitCode: 8})
    disk.makeRoom()
    expect(await home.holdfast(['run', '--session', id, '--', 'echo again'])).toMatchObject({
      stdout: 'again\n',
      exitCode: 0,
    })
    expect((await home.holdfast(['show', id])).stdout).toContain('kept')
  },
)

test('a home that cannot be made on a full disk: one line says so and what to do', async () => {
  await using disk = await openSmallDisk(16)
  await using home = createHome({state: `${disk.folder}/new/home`, launcher: disk.launcher})
  disk.fillInodes(0)
  const refused = await home.holdfast(['run', '--', 'true'])
  expect(refused).toMatchObject({stdout: '', stderr: expect.stringMatching(noInodes), exitCode: 1})
  disk.makeRoom()
})

test.each(['sleep 60', 'sleep 60 &'])(
  'close on a full disk ends `%s`, says that the end is not saved, and saves it when there is room',
  async (command) => {
    await using disk = await openSmallDisk(16)
    await using home = createHome({state: disk.folder, launcher: disk.launcher})
    await home.holdfast(['run', '--keep', '--no-wait', '--', command])
    const [{id}] = await sessionsOf(home)
    await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the program'})
    await fillBehindLog(disk, id)
    const refused = {
      stderr: expect.stringMatching(
        new RegExp(
          `^holdfast: the programs of session ${id} have ended; it is closed as soon as that can be saved: .* is full: .*\n$`,
        ),
      ) as string,
      exitCode: 8,
    }
    expect(await home.holdfast(['close', id])).toMatchObject(refused)
    expect(home.processes().map(({role}) => role)).toEqual(['host'])
    expect(await home.holdfast(['close', id])).toMatchObject(refused)
    disk.makeRoom()
    await until(() => home.processes().length === 0, {what: 'the end of the host'})
    expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed'}])
  },
)

test('on the screen, a prompt that a full disk refuses stays, and runs when there is room; its notice goes', async () => {
  await using disk = await openSmallDisk(16)
  await using home = createHome({state: disk.folder, launcher: disk.launcher})
  await using tui = await openTui(home)
  await tui.submit('echo ready')
  await tui.waitFor(/^✓/m)
  const [{id}] = await sessionsOf(home)
  await fillBehindLog(disk, id)
  tui.type('echo "ran" once')
  await tui.waitFor(/^❯ echo "ran" once/m)
  tui.press('enter')
  await tui.waitFor(/is full: free some space, then try\s+again/)
  expect(tui.screen()).toMatch(/ · idle\n+❯ echo "ran" once/)
  disk.makeRoom()
  tui.press('enter')
  await tui.waitFor(/^ran once\n✓/m)
  await tui.waitFor(/ · idle\n+❯ *\n/)
  expect(tui.screen()).not.toContain('is full')
  expect(tui.scrollback().match(/^ran once$/gm)).toHaveLength(1)
})

test('a program ends while the disk is full: without a key, the screen is idle and shows no notice when there is room', async () => {
  await using disk = await openSmallDisk(16)
  await using home = createHome({state: disk.folder, launcher: disk.launcher})
  await using tui = await openTui(home)
  await tui.submit('touch begun; until [ -e go ]; do sleep 0.01; done; seq 1 200000; touch over')
  await until(() => readdirSync(home.project).includes('begun'), {what: 'the command'})
  disk.fill(4096)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor('not saved')
  expect((await sessionsOf(home))[0].state).toBe('running')
  disk.makeRoom()
  await tui.waitFor(/^200000\n✓/m, {timeoutMs: 40_000})
  await tui.waitFor(/ · idle\n+❯ *\n/)
  expect(tui.screen()).not.toMatch(/not saved|full/)
  expect((await sessionsOf(home))[0].state).toBe('idle')
  await tui.submit('echo goes on')
  await tui.waitFor(/^goes on\n✓/m)
})

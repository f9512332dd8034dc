import {readdirSync} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openSmallDisk, type SmallDisk} from '../support/small-disk.ts'
import {until} from '../support/until.ts'

const full = /^holdfast: .*the disk of \S+ is full: free some space, then try again\n$/
const noInodes =
  /^holdfast: .*the disk of \S+ has no room for more files \(it is out of inodes\): delete some files, then try again\n$/

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
    await home.holdfast(['run', '--', 'true'])
    await home.holdfast(['close', '--all'])
    await until(() => home.processes().length === 0, {what: 'the end of the host'})
    const {run, sessions} = homePaths(disk.view)
    const before = [...readdirSync(run), ...readdirSync(sessions)]

    fill(disk)
    const refused = await home.holdfast(['run', '--', 'true'])
    expect(refused).toMatchObject({stdout: '', stderr: expect.stringMatching(message), exitCode: 1})
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
    await home.holdfast(['run', '--', 'echo kept'])
    const [{id}] = await sessionsOf(home)
    process.kill((await home.process('host')).pid, 'SIGTERM')
    await until(() => home.processes().length === 0, {what: 'the end of the host'})

    fill(disk)
    const refused = await home.holdfast(['run', '--session', id, '--', 'true'])
    expect(refused).toMatchObject({stdout: '', stderr: expect.stringMatching(message), exitCode: 1})
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
    await home.holdfast(['run', '--no-wait', '--', command])
    const [{id}] = await sessionsOf(home)
    await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the program'})
    disk.fill(0)
    // What is left of the file of the log and of its WAL.
    await until(async () => (await home.holdfast(['rename', id, 'x'.repeat(80)])).exitCode !== 0, {
      what: 'the full disk',
    })
    const refused = {
      stderr: expect.stringMatching(
        new RegExp(
          `^holdfast: the programs of session ${id} have ended; it is closed as soon as that can be saved: .* is full: .*\n$`,
        ),
      ) as string,
      exitCode: 1,
    }
    expect(await home.holdfast(['close', id])).toMatchObject(refused)
    expect(home.processes().map(({role}) => role)).toEqual(['host'])
    expect(await home.holdfast(['close', id])).toMatchObject(refused)
    disk.makeRoom()
    await until(() => home.processes().length === 0, {what: 'the end of the host'})
    expect(await sessionsOf(home)).toMatchObject([{id, state: 'closed'}])
  },
)

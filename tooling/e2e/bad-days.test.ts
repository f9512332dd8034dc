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

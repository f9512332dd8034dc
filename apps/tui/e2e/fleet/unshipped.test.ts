import {mkdirSync, writeFileSync} from 'node:fs'

import {openSqliteLog} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'

/** Sets a log aside, with one event that was sent and one that was not. */
function setAside({state}: Home, sessionId: string): string {
  mkdirSync(`${state}/unshipped`, {recursive: true})
  const file = `${state}/unshipped/${sessionId}.2-after-1.db`
  const log = openSqliteLog({file, sessionId, create: true})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  log.append([{type: 'background.output', payload: {text: `never sent by ${sessionId}`}}])
  log.close()
  return file
}

test('a log that cannot be read does not hide the events of the others', async () => {
  await using home = createHome()
  const [first, damaged, last] = ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'] as const
  setAside(home, first)
  const file = setAside(home, damaged)
  setAside(home, last)
  writeFileSync(file, 'no log')

  for (const args of [[], ['--json']]) {
    const {stdout, stderr, exitCode} = await home.holdfast(['fleet', 'unshipped', ...args])
    expect(stdout).toContain(`never sent by ${first}`)
    expect(stdout).toContain(`never sent by ${last}`)
    expect(stderr).toMatch(new RegExp(`^holdfast: the events of session ${damaged} in ${file} cannot be read: .*\n$`))
    expect(exitCode).toBe(8)
  }
  expect(await home.holdfast(['fleet', 'unshipped', last])).toMatchObject({stderr: '', exitCode: 0})
})

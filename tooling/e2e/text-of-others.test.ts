import {mkdirSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from './home.ts'
import {sessionsOf} from './sessions-of.ts'
import {openTui} from './tui.ts'

/** What would give a terminal a new title, and clear it. */
const order = '\u001b]0;owned\u0007\u001b[2J'

test('ls shows each session as one line that a terminal does not obey, in columns', async () => {
  await using home = createHome()
  const folder = `${home.project}/汉字\n${order}x`
  mkdirSync(folder)
  await home.holdfast(['run', '--', `: '${order}a'\n: b`], {cwd: folder})
  await home.holdfast(['run', '--', ': 汉字'])
  const lines = (await home.holdfast(['ls'])).stdout.split('\n')
  expect(lines).toHaveLength(4)
  const [, plain, evil] = lines.map((line) => line.split(/ {2,}/).slice(3))
  expect([plain, evil]).toEqual([
    [': 汉字', home.project],
    [": 'a' : b", `${home.project}/汉字 x`],
  ])
  // One title is 9 cells wide, the other 6.
  expect(lines[1]).toContain(`: 汉字     ${home.project}`)
  expect(lines[2]).toContain(`: 'a' : b  ${home.project}`)
})

test('a prompt that another client sent does not reach the terminal as orders: title, queue, transcript, show', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--', `: '${order}first'`])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['run', '--session', id, '--no-wait', '--', `sleep 60 # ${order}`])
  await home.holdfast(['run', '--session', id, '--no-wait', '--', `: '${order}waits'`])
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor(/^: 'first' · .* · running/m)
  await tui.waitFor("1. : 'waits'")
  expect(tui.scrollback()).toContain("❯ : 'first'\n")
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toContain("❯ : 'first'\n")
  for (const text of [tui.bytes.toString(), stdout]) expect(text).not.toMatch(/owned|\[2J/)
})

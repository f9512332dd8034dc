import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createRepository} from '../support/git-project.ts'
import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

test('↑ in an empty draft opens the queue; a prompt that is edited there does not run', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('until [ -e go ]; do sleep 0.01; done; echo one')
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('touch two')
  await tui.submit('touch three')
  await tui.waitFor('· 2 queued')
  await tui.waitFor('↑ edits the queue')
  tui.press('up')
  await tui.waitFor('2 prompts in the queue')
  tui.press('enter')
  await tui.waitFor(/^❯ touch three$/m)
  await tui.waitFor('· 1 queued')
  tui.type('-b\r')
  await tui.waitFor('2. touch three-b')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^❯ touch three-b\n✓.*\n\n.*· idle/m)
  expect(tui.scrollback()).not.toContain('cancelled')
  await tui.submit('ls')
  await tui.waitFor(/^❯ ls\n(?:.*\n)*✓/m)
  expect(tui.outputOf('ls').join(' ').split(/\s+/)).toEqual(['go', 'three-b', 'two'])

  const [{id}] = await sessionsOf(home)
  const {stdout} = await home.holdfast(['show', id, '--json'])
  expect(stdout).toMatch(/"status":"cancelled","reason":"withdrawn"/)
  expect((await home.holdfast(['show', id])).stdout).not.toContain('cancelled')
})

test('↑ recalls the history if the queue is empty, and after a prompt was removed', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo first')
  await tui.waitFor(/^✓/m)
  tui.press('up')
  await tui.waitFor(/^first\n✓.*\n\n.*idle\n❯ echo first$/m)
  tui.press('ctrl-c')
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('echo waits')
  await tui.waitFor('↑ edits the queue')
  tui.press('up')
  await tui.waitFor('1 prompt in the queue')
  tui.press('enter')
  await tui.waitFor(/^❯ echo waits$/m)
  await tui.waitFor(() => !tui.screen().includes('queued'))
  tui.press('up')
  await tui.waitFor(/ · (?:\S )?running.*\n❯ echo waits$/m)
  tui.press('up')
  await tui.waitFor(/ · (?:\S )?running.*\n❯ sleep 60$/m)
})

test('the first and the last prompts of a long queue are shown; ↑ lists all', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  for (const number of [1, 2, 3, 4, 5]) await tui.submit(`echo ${number}`)
  await tui.waitFor(/^ {2}1\. echo 1\n {2}2\. echo 2\n {2}… 2 more\n {2}5\. echo 5\n {2}↑/m)
  tui.press('up')
  await tui.waitFor(
    /^5 prompts in the queue\n {2}1\. echo 1\n {2}2\. echo 2\n {2}3\. echo 3\n {2}4\. echo 4\n {2}5\. echo 5\n/m,
  )
  // The last prompt may arrive while the list is open: so the third one is selected from the top.
  for (let step = 0; step < 5; step++) tui.press('up')
  for (let step = 0; step < 2; step++) tui.press('down')
  tui.type('\u001b[3~')
  await tui.waitFor(/^4 prompts in the queue\n {2}1\. echo 1\n {2}2\. echo 2\n {2}3\. echo 4\n {2}4\. echo 5\n/m)
})

test('run exits with 1 if another client removes its prompt from the queue', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  const [{id}] = await sessionsOf(home)
  const run = home.startHoldfast(['run', '--session', id, '--', 'touch never'])
  await tui.waitFor('1. touch never')
  tui.press('up')
  await tui.waitFor('1 prompt in the queue')
  tui.press('enter')
  await tui.waitFor(/^❯ touch never$/m)
  expect(await run.ended).toMatchObject({
    stdout: '',
    stderr: 'holdfast: cancelled: it was removed from the queue\n',
    exitCode: 1,
  })
})

test('Ctrl-S moves a prompt to the front; pressed again, it interrupts the running command', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('sleep 61')
  await tui.submit('echo urgent')
  await tui.waitFor('· 2 queued')
  await tui.waitFor('↑ edits the queue')
  await tui.submit('/queue')
  await tui.waitFor('2 prompts in the queue')
  tui.press('up')
  tui.press('down')
  tui.type('\u0013')
  await tui.waitFor('Ctrl-S again interrupts the running command')
  await tui.waitFor(/^ {2}1\. echo urgent\n {2}2\. sleep 61\n {2}Runs next/m)
  tui.type('\u0013')
  await tui.waitFor(/^■ interrupted.*\n(?:.*\n)*urgent\n✓/m)
  await tui.waitFor(/^ {2}1 prompt waits: `.*` was interrupted$/m)
  await tui.submit('/queue')
  await tui.waitFor('· Enter edits')
  tui.type('\u0013')
  await tui.waitFor(/^❯ sleep 61$/m)
  await tui.waitFor(/· (?:\S )?running/)
  tui.press('ctrl-c')
  await tui.waitFor('· idle')
  await tui.submit('/queue')
  await tui.waitFor('The queue is empty')
})

test('the header of a queued command has the branch, as that of one that runs at once', async () => {
  await using home = createHome()
  createRepository(home.project, home.env, ['file'])
  await using tui = await openTui(home)
  await tui.waitFor('(main) · idle')
  await tui.submit('until [ -e go ]; do sleep 0.01; done')
  await tui.waitFor(/· (?:\S )?running/)
  for (const text of ['echo one', 'echo two']) await tui.submit(text)
  await tui.waitFor('· 2 queued')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^two\n✓.*\n\n.*idle/m)
  expect(headersOf(tui)).toEqual([
    expect.stringMatching(/^❯ until .* \(main\) {2}/),
    expect.stringMatching(/^❯ echo one .* \(main\) {2}/),
    expect.stringMatching(/^❯ echo two .* \(main\) {2}/),
  ])
})

/** The rows with a command and the time at which it began. */
function headersOf({buffer}: Tui): string[] {
  const rows = Array.from({length: buffer.length}, (_, row) => buffer.getLine(row)?.translateToString(true) ?? '')
  return rows.filter((row) => /^❯.*\d\d:\d\d$/.test(row))
}

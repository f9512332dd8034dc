import {existsSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const lines = (count: number) => Array.from({length: count}, (_, index) => `line ${index + 1}`)

test('a terminal that gets lower in the midst of a burst has each line once, in order', async () => {
  await using home = createHome()
  // Another time of the resize within the burst in each round.
  for (let round = 0; round < 8; round++) {
    await using tui = await openTui(home)
    await tui.waitFor('· idle')
    await tui.submit("seq -f 'line %g' 100")
    await tui.waitFor(() => tui.scrollback().includes(`\nline ${1 + 12 * round}\n`))
    tui.resize(80, 12)
    await tui.waitFor(/^✓/m)
    expect(tui.scrollback().match(/^line \d+$/gm)).toEqual(lines(100))
  }
})

test('sixty resizes at once reach the program as a few, the last one among them', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  const script = "trap 'stty size >> sizes' WINCH; echo started; until [ -e stop ]; do sleep 0.02; done"
  writeFileSync(`${home.project}/watch`, script)
  await tui.submit('sh ./watch')
  await tui.waitFor(/^started/m)
  const sizes = () =>
    existsSync(`${home.project}/sizes`) ? readFileSync(`${home.project}/sizes`, 'utf8').split('\n') : []
  for (let index = 1; index <= 60; index++) tui.resize(60 + index, 20 + (index % 9))
  await until(() => sizes().at(-2) === '26 120', {what: 'the last size'})
  expect(sizes().length).toBeLessThan(10)
  writeFileSync(`${home.project}/stop`, '')
  await tui.waitFor(/^✓/m)
})

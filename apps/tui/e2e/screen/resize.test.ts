import {existsSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import type {Terminal} from '../support/terminal.ts'
import {openTmuxTui} from '../support/tmux.ts'
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

/** The end of a line that takes two to six rows. */
const rest = 'abcdefghij'.repeat(17)

/** Prints such lines, with the number of the run, until the test says stop. */
function writeStream(home: Home): void {
  const line = `i=$((i+1)); echo "<$1-$i:${rest}>"; sleep 0.04`
  writeFileSync(`${home.project}/stream`, `until [ -e stop-$1 ]; do ${line}; done; echo "end of $1: $i"`)
}

/**
 * Resizes a terminal while the lines of a run stream, several times at once, each time that it shows more. Not within a frame:
 * no program can know where a terminal puts bytes that it gets at another size than they were written for.
 */
async function stormDuring(run: number, home: Home, terminal: Terminal, count: number, history: () => string) {
  const last = () =>
    Number(
      shownLines(terminal.screen(), run)
        .at(-1)
        ?.match(/-(\d+)/)?.[1] ?? 0,
    )
  await terminal.waitFor('· idle')
  terminal.type(`sh ./stream ${run}\r`)
  let seen = 0
  const atOnce = (count / 20) * [1, 2, 4][run % 3]!
  for (let resizes = 0; resizes < count; resizes++) {
    if (resizes % atOnce === 0) {
      await terminal.waitFor(() => last() > seen && hasWholeFrame(terminal))
      seen = last()
    }
    terminal.resize(40 + ((resizes * 37 + run * 13) % 80), 12 + ((resizes * 5 + run) % 20))
  }
  writeFileSync(`${home.project}/stop-${run}`, '')
  await terminal.waitFor(new RegExp(`^end of ${run}: \\d+\\n✓`, 'm'))
  const printed = Number(history().match(new RegExp(`^end of ${run}: (\\d+)$`, 'm'))?.[1])
  expect(shownLines(history(), run)).toEqual(Array.from({length: printed}, (_, index) => `${run}-${index + 1} whole`))
}

/** The composer is the last row of a frame, but for the keys of the moment. */
function hasWholeFrame(terminal: Terminal): boolean {
  return /\n❯(?:\n {2}Enter queues.*)?$/.test(terminal.screen().trimEnd())
}

/** Each line of a run that is shown, whole or in part. */
function shownLines(text: string, run: number): string[] {
  return [...text.matchAll(new RegExp(`<(${run}-\\d+):(.*)$`, 'gm'))].map(
    ([, line, end]) => `${line} ${end === `${rest}>` ? 'whole' : 'in part'}`,
  )
}

test.each([20, 60])('in a storm of %i resizes, no wrapped line is repeated, torn or lost', async (count) => {
  await using home = createHome()
  writeStream(home)
  await using tui = await openTui(home)
  for (let run = 1; run <= 3; run++) await stormDuring(run, home, tui, count, () => tui.scrollback())
})

test.each([20, 60])('in tmux: in a storm of %i resizes, no wrapped line is repeated, torn or lost', async (count) => {
  await using home = createHome()
  writeStream(home)
  await using tui = await openTmuxTui(home)
  for (let run = 1; run <= 3; run++) await stormDuring(run, home, tui, count, tui.history)
})

import {maxCells, maxColumns, maxMessageBytes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {openSession} from './fixtures/open-session.ts'

test('the largest screen, with a style and a marked character of its own in each cell, fits into one message', async () => {
  const {agent, session} = openSession()
  session.submit({promptId: 'a', text: 'paint'})
  const paints: string[] = []
  const attach = () =>
    session.attachments.start(
      'one',
      {cols: 10_000, rows: 10_000},
      {onPaint: (screen) => paints.push(screen), onOutput() {}, onEnd() {}},
    )
  await attach()
  await expect.poll(() => paints).toHaveLength(1)
  const style = (at: number) => `\u001b[1;3;4;9;53;38;2;${100 + (at % 150)};200;201;48;2;${100 + (at % 99)};210;211m`
  for (let at = 0; at < maxCells; at += maxColumns)
    agent.print(Array.from({length: maxColumns}, (_, x) => `${style(at + x)}e${'\u0301'.repeat(8)}`).join(''))
  await attach()
  await expect.poll(() => paints).toHaveLength(2)
  const bytes = Buffer.byteLength(JSON.stringify(paints[1]))
  expect(bytes).toBeGreaterThan(maxCells * 40)
  expect(bytes).toBeLessThan(maxMessageBytes / 2)
})

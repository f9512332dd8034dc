import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {RunCompletionCoordinator, type RegisteredRun} from '../../src/index.ts'

/** What a job writes. A character that the echo has, too, may be read as its piece, if that is no longer. */
const write = fc
  .array(fc.constantFrom('<', 'GH', 'é', '#', '\r\n'), {minLength: 1, maxLength: 6})
  .map((parts) => `<${parts.join('')}>`)
const alike = fc
  .array(fc.constantFrom('<1>', '<250>', '<0x3f>', '$x;', 'C:\\dir', '\x1b[31m', 'print(', 'exit', '\r\n'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => `<${parts.join('')}>`)
const place = fc.nat(100)
const tears = fc.oneof(
  fc.array(fc.record({at: place, text: write}), {maxLength: 2}),
  fc.tuple(fc.record({at: place, text: alike})),
)

async function outputOf(print: (run: RegisteredRun) => string, lengths: Iterable<number>) {
  let output = ''
  const coordinator = new RunCompletionCoordinator({
    appendOutput: (data) => void (output += Buffer.from(data).toString('latin1')),
    appendRunComplete: () => 1,
  })
  const run = coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: 1})
  const bytes = `${print(run)}${run.sentinel}`
  const chunks = lengths[Symbol.iterator]()
  for (let at = 0; at < bytes.length;) {
    const length: number = chunks.next().value
    await coordinator.ingestPtyData(Buffer.from(bytes.slice(at, at + length), 'latin1'))
    at += length
  }
  return output
}

/** The terminal prints `CR LF` at once. */
function tear(echo: string, all: readonly {at: number; text: string}[]): {printed: string; output: string} {
  const text = echo.slice(0, -2)
  const sorted = all
    .map((each) => ({...each, at: each.at % (text.length + 1)}))
    .toSorted((one, other) => one.at - other.at)
  let printed = ''
  let from = 0
  for (const each of sorted) {
    printed += text.slice(from, each.at) + each.text
    from = each.at
  }
  return {printed: `${printed}${echo.slice(from)}`, output: sorted.map((each) => each.text).join('')}
}

/** Before the line end of the echo, which of two line ends is the output's shows nowhere. */
function lineEndsOf(text: string): {text: string; lineEnds: number} {
  return {text: text.replaceAll('\r\n', ''), lineEnds: text.split('\r\n').length - 1}
}

test('no byte of the echo of a typed line is shown, and none of the output is displaced, wherever a job interrupts it', async () => {
  await fc.assert(
    fc.asyncProperty(tears, fc.infiniteStream(fc.integer({min: 1, max: 40})), async (all, lengths) => {
      let expected = ''
      const output = await outputOf((run) => {
        const torn = tear(run.postamble.replace('\n', '\r\n'), all)
        expected = torn.output
        return torn.printed
      }, lengths)
      expect(lineEndsOf(output)).toEqual(lineEndsOf(expected))
    }),
    {numRuns: 2000},
  )
})

test('one tear at each place, with much output in it', async () => {
  const text = '<1>\r\n'.repeat(2000)
  for (let at = 0; at < 62; at++) {
    const output = await outputOf(
      (run) => tear(run.postamble.replace('\n', '\r\n'), [{at, text}]).printed,
      [4096, 4096, 4096],
    )
    expect(output).toBe(text)
  }
})

test('a flood that has all characters of a due echo in it, again and again, is passed on whole', async () => {
  let output = ''
  const coordinator = new RunCompletionCoordinator({
    appendOutput: (data) => void (output += Buffer.from(data).toString('latin1')),
    appendRunComplete: () => 1,
  })
  const {postamble} = coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq: 1})
  let flood = ''
  // Of a usual generator of pseudo-random numbers, so that no line is like another.
  for (let seed = 1; flood.length < 200_000; seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) {
    const at = Math.floor((seed / 2_147_483_648) * 100)
    flood += at < 95 ? String.fromCharCode(32 + at) : '\r\n'
  }
  for (let at = 0; at < flood.length; at += 4096)
    await coordinator.ingestPtyData(Buffer.from(flood.slice(at, at + 4096)))
  await coordinator.flushPtyDataOnExit()
  expect(output === flood).toBe(true)
  expect(flood).not.toContain(postamble)
})

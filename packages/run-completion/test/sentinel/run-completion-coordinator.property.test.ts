import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {RunCompletionCoordinator, type RegisteredRun, type RunCompletionAppender} from '../../src/index.ts'

/** What happens at a terminal on which three runs are active. */
type Step =
  | {kind: 'output'; text: string}
  /** Output of a program that looks like a sentinel or a postamble. */
  | {kind: 'imitation'; run: number; of: 'sentinel' | 'postamble' | 'stranger'; length: number}
  | {kind: 'echo'; run: number}
  | {kind: 'broken echo'; run: number; at: number; text: string}
  | {kind: 'abandon'; run: number}
  | {kind: 'end'; run: number; exitCode: number | undefined}

const run = fc.nat(2)
const text = fc
  .array(
    fc.constantFrom(
      'a',
      '\r\n',
      '\x1b',
      '\x1b_',
      '\x1b\\',
      '\\',
      '\\ev',
      '\\eval "printf ',
      ';0',
      '\x1b[31m',
      'é',
      '\0',
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''))
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({kind: fc.constant('output' as const), text}),
  fc.record({
    kind: fc.constant('imitation' as const),
    run,
    of: fc.constantFrom('sentinel' as const, 'postamble' as const, 'stranger' as const),
    length: fc.nat(24),
  }),
  fc.record({kind: fc.constant('echo' as const), run}),
  fc.record({kind: fc.constant('broken echo' as const), run, at: fc.integer({min: 38, max: 54}), text}),
  fc.record({kind: fc.constant('abandon' as const), run}),
  fc.record({kind: fc.constant('end' as const), run, exitCode: fc.option(fc.nat(255), {nil: undefined})}),
)

test('program output is unchanged, and each end is recorded once, in order, however the bytes are interleaved and cut', async () => {
  const property = fc.asyncProperty(
    fc.array(step, {maxLength: 30}),
    fc.infiniteStream(fc.integer({min: 1, max: 40})),
    check,
  )
  await fc.assert(property, {numRuns: 500})
})

async function check(steps: readonly Step[], lengths: Iterable<number>): Promise<void> {
  const log: string[] = []
  const add = (entries: string[], entry: string, isOutput: boolean): void => {
    const last = entries.length - 1
    if (isOutput && entries[last]?.startsWith('output ')) entries[last] += entry
    else entries.push((isOutput ? 'output ' : '') + entry)
  }
  const {coordinator, runs} = openRuns({
    appendOutput: (data) => add(log, Buffer.from(data).toString('latin1'), true),
    appendRunComplete({inputRunSeq, exitCode}) {
      add(log, `end of ${inputRunSeq}: ${exitCode}`, false)
      return 1
    },
  })
  const {bytes, expected} = play(steps, runs, add)

  const chunks = lengths[Symbol.iterator]()
  for (let at = 0; at < bytes.length;) {
    const length: number = chunks.next().value
    await coordinator.ingestPtyData(Buffer.from(bytes.slice(at, at + length), 'latin1'))
    at += length
  }
  await coordinator.flushPtyDataOnExit()
  expect(log).toEqual(expected)
}

/** Runs whose tokens differ in each character: so the beginning of one and the end of another are never a third one. */
function openRuns(appender: RunCompletionAppender) {
  for (;;) {
    const coordinator = new RunCompletionCoordinator(appender)
    const runs = [0, 1, 2].map((inputRunSeq) =>
      coordinator.registerWaitedRun({...coordinator.prepareWaitedRun(), inputRunSeq}),
    )
    const [first, second, third] = runs.map(({sentinel}) => sentinel.slice(10, 18)) as [string, string, string]
    if (Array.from(first).every((each, at) => new Set([each, second[at], third[at]]).size === 3))
      return {coordinator, runs}
  }
}

function play(
  steps: readonly Step[],
  runs: readonly RegisteredRun[],
  add: (entries: string[], entry: string, isOutput: boolean) => void,
): {bytes: string; expected: string[]} {
  const expected: string[] = []
  const over = new Set<number>()
  let bytes = ''
  const print = (printed: string): void => {
    // The bar keeps two steps from forming a sentinel.
    bytes += `|${printed}|`
    add(expected, `|${printed}|`, true)
  }
  for (const each of steps) {
    if (each.kind === 'output') {
      print(each.text)
      continue
    }
    const {postamble, sentinel, wait} = runs[each.run]!
    const echo = postamble.replace('\n', '\r\n')
    if (each.kind === 'abandon') void wait(60_000, {signal: AbortSignal.abort()}).catch(() => undefined)
    else if (each.kind === 'imitation') {
      const stranger = `${sentinel.slice(0, 10)}00000000\x1b\\`
      print(
        {sentinel: sentinel.slice(0, -1), postamble: postamble.slice(0, 30), stranger}[each.of].slice(
          0,
          each.length + 1,
        ),
      )
    } else if (over.has(each.run)) print(each.kind === 'end' ? sentinel : echo)
    else if (each.kind === 'echo') bytes += echo
    else if (each.kind === 'broken echo') {
      bytes += echo.slice(0, each.at)
      print(each.text)
      bytes += echo.slice(each.at)
    } else {
      over.add(each.run)
      bytes += each.exitCode === undefined ? sentinel : sentinel.replace('\x1b\\', `;${each.exitCode}\x1b\\`)
      add(expected, `end of ${each.run}: ${each.exitCode}`, false)
    }
  }
  return {bytes, expected}
}

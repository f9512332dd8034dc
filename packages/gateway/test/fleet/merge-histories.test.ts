import {expect, test} from 'vitest'

import {mergeHistories} from '../../src/fleet/merge-histories.ts'

const timed = (...ats: number[]) => ats.map((at) => ({text: `at ${at}`, at, session_id: 's'}))
const textsOf = ({prompts}: ReturnType<typeof mergeHistories>) => prompts.map(({text}) => text)

test('prompts of all machines come newest first, each text once', () => {
  const merged = mergeHistories(
    [{prompts: timed(9, 5)}, {prompts: [{text: 'at 5', at: 7, session_id: 't'}, ...timed(6)]}],
    10,
  )
  expect(merged.prompts.map(({at}) => at)).toEqual([9, 7, 6])
  expect(merged.next).toBeUndefined()
})

test('what is older than the end of a machine that has more waits for the next page', () => {
  const merged = mergeHistories([{prompts: timed(9, 8), next: 8}, {prompts: timed(10, 3)}], 10)
  expect(textsOf(merged)).toEqual(['at 10', 'at 9', 'at 8'])
  expect(merged.next).toBe(8)
})

test('a page has at most `limit` prompts, and goes on after the last', () => {
  const merged = mergeHistories([{prompts: timed(9, 7)}, {prompts: timed(8, 6)}], 3)
  expect(textsOf(merged)).toEqual(['at 9', 'at 8', 'at 7'])
  expect(merged.next).toBe(7)
})

test('commands without a time come last, and no page ends among them unless their machine ended it', () => {
  const shell = {prompts: [...timed(5), {text: 'a'}, {text: 'b'}], next: -2}
  const first = mergeHistories([shell, {prompts: timed(6)}], 3)
  expect(textsOf(first)).toEqual(['at 6', 'at 5'])
  expect(first.next).toBe(5)
  const second = mergeHistories([{prompts: [{text: 'a'}, {text: 'b'}, {text: 'c'}], next: -3}, {prompts: []}], 3)
  expect(textsOf(second)).toEqual(['a', 'b', 'c'])
  expect(second.next).toBe(-3)
})

test('the pages of many machines have each prompt once, whatever the size of the pages', () => {
  const machines = [timed(20, 17, 14, 11, 8), timed(19, 16, 13), timed(18, 15, 12, 10, 9, 7)]
  for (const limit of [1, 2, 3, 5]) {
    const seen: string[] = []
    for (let before: number | undefined = Infinity; before !== undefined;) {
      const end: number = before
      const pages = machines.map((all) => {
        const rest = all.filter(({at}) => at < end)
        return {prompts: rest.slice(0, limit), ...(rest.length > limit && {next: rest[limit - 1]!.at})}
      })
      const merged = mergeHistories(pages, limit)
      seen.push(...textsOf(merged))
      before = merged.next
    }
    expect(seen).toEqual(
      machines
        .flat()
        .sort((a, b) => b.at - a.at)
        .map(({text}) => text),
    )
  }
})

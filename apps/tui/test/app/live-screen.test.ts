import type {ScreenSnapshot} from '@holdfast/protocol'
import {expect, test, vi} from 'vitest'

import {createLiveScreen} from '../../src/app/watching/live-screen.ts'

/** Sessions whose screens are answered by hand. */
function openSessions() {
  const asked: {id: string; after: number | undefined; answer: (version: number | undefined) => void}[] = []
  const onChange = vi.fn()
  let [waiting, most] = [0, 0]
  const live = createLiveScreen({
    read: (id, after) =>
      new Promise((resolve, reject) => {
        most = Math.max(most, ++waiting)
        const answer = (version: number | undefined) => {
          waiting--
          if (version === undefined) reject(new Error('nothing runs'))
          else resolve({version} as ScreenSnapshot)
        }
        asked.push({id, after, answer})
      }),
    onChange,
    paceMs: 0,
  })
  const nth = (count: number) => expect.poll(() => asked).toHaveLength(count)
  return {live, asked, onChange, nth, most: () => most}
}

test('the next screen is asked for with the version of the last one', async () => {
  const {live, asked, onChange, nth} = openSessions()
  live.follow('a', 1)
  await nth(1)
  asked[0]?.answer(5)
  await nth(2)
  expect(live.shown?.version).toBe(5)
  asked[1]?.answer(5)
  await nth(3)
  expect(onChange).toHaveBeenCalledTimes(1)
  expect(asked.map(({after}) => after)).toEqual([undefined, 5, 5])
  live.stop()
})

test('a session without a screen is asked again only when it has another event', async () => {
  const {live, asked, onChange, nth} = openSessions()
  live.follow('a', 1)
  await nth(1)
  asked[0]?.answer(undefined)
  await expect.poll(() => onChange).toHaveBeenCalledTimes(1)
  live.follow('a', 1)
  live.follow('a', undefined)
  live.follow('a', 2)
  await nth(2)
  live.stop()
})

test('late answers for another session are not shown, and there are at most 16 requests at once', async () => {
  const {live, asked, nth, most} = openSessions()
  for (let index = 1; index <= 16; index++) {
    live.follow(`s${index}`, 1)
    await nth(index)
  }
  live.follow('last', 1)
  asked[0]?.answer(7)
  await nth(17)
  expect(asked[16]?.id).toBe('last')
  expect(most()).toBe(16)
  expect(live.shown).toBeUndefined()
  live.stop()
})

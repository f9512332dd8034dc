import {expect, test} from 'vitest'

import {createHistory, type HistoryPage} from '../../src/history/history.ts'

/** A history with these pages. `asked`: the times passed to `load`. */
function historyOf(...pages: string[][]) {
  const asked: (number | undefined)[] = []
  let at = 1000
  const history = createHistory((before) => {
    asked.push(before)
    const entries = (pages.shift() ?? []).map((text) => ({text, at: at--}))
    return Promise.resolve<HistoryPage>({entries, next: pages.length > 0 ? at + 1 : undefined})
  })
  return {history, asked}
}

const all = (history: ReturnType<typeof createHistory>) =>
  Array.from({length: history.length}, (_, index) => history.at(index + 1))

test('added texts are newer than loaded ones, and each text is there once', async () => {
  const {history} = historyOf(['make', 'ls', 'pwd'])
  history.add('top')
  history.add('ls')
  await history.loadMore()
  expect(all(history)).toEqual(['ls', 'top', 'make', 'pwd'])
  history.add('pwd')
  expect(all(history)).toEqual(['pwd', 'ls', 'top', 'make'])
})

test('pages are loaded one by one until there are no more', async () => {
  const {history, asked} = historyOf(['a', 'b'], ['c'])
  await Promise.all([history.loadMore(), history.loadMore()])
  expect(all(history)).toEqual(['a', 'b'])
  await history.loadMore()
  await history.loadMore()
  expect(all(history)).toEqual(['a', 'b', 'c'])
  expect(asked).toEqual([undefined, 999])
})

test('a failed load does not end the history: the next call tries again', async () => {
  const pages: (() => Promise<HistoryPage>)[] = [
    () => Promise.resolve({entries: [{text: 'a', at: 2}], next: 2}),
    () => Promise.reject(new Error('the gateway is gone')),
    () => Promise.resolve({entries: [{text: 'b', at: 1}]}),
  ]
  const history = createHistory(() => pages.shift()!())
  const loaded = [await history.loadMore(), await history.loadMore()]
  expect([loaded, all(history), history.hasMore]).toEqual([[true, false], ['a'], true])
  expect([await history.loadMore(), all(history), history.hasMore]).toEqual([true, ['a', 'b'], false])
})

test('texts come in the order of their times; those without one are older, in the order of their pages', async () => {
  const pages: HistoryPage[] = [
    {entries: [{text: 'b', at: 20}, {text: 'x'}, {text: 'y'}], next: 1},
    {entries: [{text: 'a', at: 10}, {text: 'x', at: 5}, {text: 'z'}]},
  ]
  const history = createHistory(() => Promise.resolve(pages.shift()!))
  await history.loadMore()
  await history.loadMore()
  expect(all(history)).toEqual(['b', 'a', 'x', 'y', 'z'])
})

test('a refresh adds the newest texts and their outcomes, and changes nothing of where the older ones begin', async () => {
  const {history, asked} = historyOf(['b', 'a'], ['d', 'c'], ['old'])
  await history.loadMore()
  history.add('mine', '~/here')
  expect(history.entries[0]).toMatchObject({text: 'mine', folder: '~/here'})
  await history.refresh()
  await history.loadMore()
  expect(asked).toEqual([undefined, undefined, 999])
  expect(all(history)).toEqual(['mine', 'b', 'a', 'd', 'c', 'old'])

  const at = Date.now() + 1000
  const newer: HistoryPage = {entries: [{text: 'mine', at, folder: '~/here', outcome: '✓'}]}
  const known = createHistory(() => Promise.resolve(newer))
  known.add('mine')
  await known.refresh()
  expect(known.entries).toEqual([{text: 'mine', at, folder: '~/here', outcome: '✓'}])
})

test('it is bounded, whatever `load` returns', async () => {
  const {history} = historyOf(
    ...Array.from({length: 25}, (_, page) => Array.from({length: 1000}, (__, index) => `${page}.${index}`)),
  )
  for (let count = 0; count < 25; count++) await history.loadMore()
  expect([history.length, history.hasMore]).toEqual([20_000, false])
})

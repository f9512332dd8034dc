import {expect, test} from 'vitest'

import {createHistory, type HistoryPage} from '../src/history/history.ts'

/** A history with these pages. `asked`: the times passed to `load`. */
function historyOf(...pages: string[][]) {
  const asked: (number | undefined)[] = []
  let at = 1000
  const history = createHistory((before) => {
    asked.push(before)
    const entries = (pages.shift() ?? []).map((text) => ({text, at: at--}))
    return Promise.resolve<HistoryPage>({entries, hasMore: pages.length > 0})
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
    () => Promise.resolve({entries: [{text: 'a', at: 2}], hasMore: true}),
    () => Promise.reject(new Error('the gateway is gone')),
    () => Promise.resolve({entries: [{text: 'b', at: 1}], hasMore: false}),
  ]
  const history = createHistory(() => pages.shift()!())
  const loaded = [await history.loadMore(), await history.loadMore()]
  expect([loaded, all(history), history.hasMore]).toEqual([[true, false], ['a'], true])
  expect([await history.loadMore(), all(history), history.hasMore]).toEqual([true, ['a', 'b'], false])
})

test('a query finds older and newer texts; a capital letter makes it case-sensitive', async () => {
  const {history} = historyOf(['make test', 'ls', 'Make', 'make'])
  await history.loadMore()
  expect(history.find('mak', 1, 'older')).toBe(1)
  expect(history.find('mak', 2, 'older')).toBe(3)
  expect(history.find('mak', 3, 'newer')).toBe(3)
  expect(history.find('mak', 2, 'newer')).toBe(1)
  expect(history.find('Mak', 1, 'older')).toBe(3)
  expect(history.find('none', 1, 'older')).toBeUndefined()
})

test('it is bounded, whatever `load` returns', async () => {
  const {history} = historyOf(
    ...Array.from({length: 20}, (_, page) => Array.from({length: 1000}, (__, index) => `${page}.${index}`)),
  )
  for (let count = 0; count < 20; count++) await history.loadMore()
  expect(history.length).toBe(5000)
})

import {expect, test} from 'vitest'

import {createClientView} from '../src/session-link/client-view.ts'

const session_id = '0000000000'
const mebibyte = 1024 * 1024

/** A client that reads nothing. */
async function openView() {
  const sent: unknown[] = []
  const slow: string[] = []
  let queuedBytes = 0
  const view = createClientView({
    client: {
      notify(_method: string, params?: unknown) {
        sent.push(params)
        queuedBytes += JSON.stringify(params).length
        return true
      },
      get queuedBytes() {
        return queuedBytes
      },
      drained: () => new Promise<void>(() => {}),
    },
    onSlow: () => slow.push('slow'),
    onDrained() {},
    onClosed() {},
  })
  view.restart(Promise.resolve())(0, 0)
  await Promise.resolve()
  return {view, sent, slow}
}

const output = (text: string) => ({type: 'attach.output', session_id, payload: {attach_id: 'a', text}})

test('a large screen alone makes no client slow: the host would send it again for ever', async () => {
  const {view, sent, slow} = await openView()
  view.take(output('x'.repeat(5 * mebibyte)))
  expect(sent).toHaveLength(1)
  expect(slow).toEqual([])
})

test('a slow client still gets the output of a lossless attachment', async () => {
  const {view, sent} = await openView()
  view.take(output('x'.repeat(5 * mebibyte)))
  view.take(output('more'))
  const lossless = {...output('each'), payload: {attach_id: 'a', text: 'each', lossless: true}}
  view.take(lossless)
  expect(sent.slice(1)).toEqual([lossless])
})

test('a client is slow when more comes while its queue is too long', async () => {
  const {view, sent, slow} = await openView()
  view.take(output('x'.repeat(5 * mebibyte)))
  view.take(output('more'))
  view.take(output('and more'))
  expect(sent).toHaveLength(1)
  expect(slow).toEqual(['slow'])
})

test('many clients may have less in their queues than a few, and as much again when the others have left', async () => {
  const views = await Promise.all(Array.from({length: 256}, openView))
  const outcomeOf = ({view, sent, slow}: Awaited<ReturnType<typeof openView>>) => {
    view.take(output('x'.repeat(mebibyte)))
    view.take(output('more'))
    return {sent: sent.length, slow: slow.length}
  }
  expect(outcomeOf(views[0]!)).toEqual({sent: 1, slow: 1})
  for (const {view} of views) view.stop()
  expect(outcomeOf(await openView())).toEqual({sent: 2, slow: 0})
})

import {expect, test} from 'vitest'

import {createDraftStore} from '../src/typing/draft-store.ts'

test('a draft that is too long is reported once, and the last saved draft stays', async () => {
  const kept: string[] = []
  const reported: number[] = []
  const session = {
    status: {kind: 'live'} as const,
    setDraft(text: string) {
      kept.push(text)
      return Promise.resolve({stored: true})
    },
  }
  const drafts = createDraftStore(() => session, {onTooLong: (maxLength) => reported.push(maxLength)})
  drafts.changed('short')
  await drafts.flush()
  const long = 'x'.repeat(1024 * 1024 + 1)
  drafts.changed(long)
  drafts.changed(`${long}y`)
  await drafts.flush()
  expect(kept).toEqual(['short'])
  drafts.changed('short again')
  drafts.changed(long)
  await drafts.flush()
  expect(kept).toEqual(['short', 'short again'])
  expect(reported).toEqual([1024 * 1024, 1024 * 1024])
})

test('a draft that could not be saved is saved by the next flush, unless it has changed', async () => {
  const kept: string[] = []
  let isBroken = true
  const session = {
    status: {kind: 'live'} as const,
    setDraft(text: string) {
      if (isBroken) return Promise.reject(new Error('no gateway'))
      kept.push(text)
      return Promise.resolve({stored: true})
    },
  }
  const drafts = createDraftStore(() => session, {onTooLong: () => {}})
  drafts.changed('one')
  await drafts.flush()
  isBroken = false
  await drafts.flush()
  isBroken = true
  drafts.changed('two')
  const failed = drafts.flush()
  drafts.changed('three')
  await failed
  isBroken = false
  await drafts.flush()
  await drafts.flush()
  expect(kept).toEqual(['one', 'three'])
})

test('a draft is sent at once by a flush while an earlier one is being saved, which then fails, and is not saved again', async () => {
  const sent: string[] = []
  const first = Promise.withResolvers<{stored: boolean}>()
  const session = {
    status: {kind: 'live'} as const,
    setDraft(text: string) {
      sent.push(text)
      return text === 'one' ? first.promise : Promise.resolve({stored: true})
    },
  }
  const drafts = createDraftStore(() => session, {onTooLong: () => {}})
  drafts.changed('one')
  const saved = drafts.flush()
  drafts.changed('one two')
  void drafts.flush()
  expect(sent).toEqual(['one', 'one two'])
  first.reject(new Error('no gateway'))
  await saved
  await drafts.flush()
  expect(sent).toEqual(['one', 'one two'])
})

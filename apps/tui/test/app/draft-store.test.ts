import {expect, test} from 'vitest'

import {createDraftStore} from '../../src/app/draft-store.ts'

test('a draft that is too long is reported once, and the last saved draft stays', async () => {
  const kept: string[] = []
  const reported: number[] = []
  const session = {
    status: {kind: 'live'} as const,
    setDraft(text: string) {
      kept.push(text)
      return Promise.resolve()
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

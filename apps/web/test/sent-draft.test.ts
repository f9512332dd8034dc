import {setImmediate} from 'node:timers/promises'

import {expect, test} from 'vitest'

import {createDevice, type Device} from './fixtures/draft-device.ts'

const sent = {kind: 'sent'} as const
const lost = {kind: 'refused', why: 'the connection was lost', isSecret: false, mayHaveArrived: true} as const
const refused = {...lost, mayHaveArrived: false}

/** Sends a text, and loses the page before there is an answer. Returns the id of the prompt. */
async function sendAndLose({session, showPage}: Device, text: string): Promise<string> {
  const page = showPage()
  await page.open()
  page.draft.type(text)
  await page.draft.lineChanged(true)
  const promptId = page.draft.sending(text)
  session.status.kind = 'recovering'
  await page.draft.lineChanged(false)
  page.leave()
  session.status.kind = 'live'
  return promptId
}

test('a text whose prompt has no answer has the same id on the next page, and goes when that has sent it', async () => {
  const device = createDevice()
  const promptId = await sendAndLose(device, 'deploy')
  const {draft, open} = device.showPage()
  expect(draft.text.value).toBe('deploy')
  await open()
  await draft.lineChanged(true)
  expect(draft.text.value).toBe('deploy')
  expect(device.kept()).toBe('deploy')
  expect(draft.sending('deploy')).toBe(promptId)
  draft.settled('deploy', promptId, sent)
  draft.sent('deploy')
  await draft.lineChanged(true)
  expect(draft.text.value).toBe('')
  expect(device.kept()).toBeUndefined()
  expect(draft.sending('deploy')).not.toBe(promptId)
})

test.each(['before', 'after'])(
  'a text whose prompt arrives %s the session is opened is no draft any more',
  async (when) => {
    const device = createDevice()
    const promptId = await sendAndLose(device, 'deploy')
    const {draft, open} = device.showPage()
    if (when === 'before') device.promptArrives()
    await open()
    if (when === 'after') device.promptArrives()
    await expect.poll(() => draft.text.value).toBe('')
    await draft.lineChanged(true)
    expect(device.stored.at(-1)?.[0]).toBe('')
    expect(device.kept()).toBeUndefined()
    expect(draft.sending('deploy')).not.toBe(promptId)
  },
)

test('a text that has been sent, without an answer, is not stored as a draft, which could stay there when the prompt has run', async () => {
  const device = createDevice()
  await sendAndLose(device, 'deploy')
  device.stored.length = 0
  const {draft, open} = device.showPage()
  await open()
  await draft.lineChanged(true)
  expect(device.stored).toEqual([])
  draft.type('deploy --all')
  await draft.lineChanged(true)
  expect(device.stored).toEqual([['deploy --all', 0]])
})

test.each([sent, lost])(
  'a text that is being sent again while its prompt arrives stays until it is $kind',
  async (how) => {
    const device = createDevice()
    const promptId = await sendAndLose(device, 'deploy')
    const {draft, open} = device.showPage()
    await open()
    draft.sending('deploy')
    device.promptArrives()
    await setImmediate()
    expect(draft.text.value).toBe('deploy')
    draft.settled('deploy', promptId, how)
    if (how.kind === 'sent') draft.sent('deploy')
    await expect.poll(() => draft.text.value).toBe('')
  },
)

test('of a text that was changed after its prompt was sent, nothing is taken away', async () => {
  const device = createDevice()
  const promptId = await sendAndLose(device, 'deploy')
  const {draft, open} = device.showPage()
  draft.type('deploy --all')
  device.promptArrives()
  await open()
  await draft.lineChanged(true)
  expect(draft.text.value).toBe('deploy --all')
  expect(draft.sending('deploy --all')).not.toBe(promptId)
})

test.each([
  {how: lost, isSame: true},
  {how: refused, isSame: false},
])('a prompt that was $how.why, may have arrived: $isSame, keeps its id so', async ({how, isSame}) => {
  const device = createDevice()
  const page = device.showPage()
  await page.open()
  page.draft.type('deploy')
  const promptId = page.draft.sending('deploy')
  page.draft.settled('deploy', promptId, how)
  page.leave()
  expect(device.showPage().draft.sending('deploy') === promptId).toBe(isSame)
})

test('a late answer for a composer that is gone leaves what the next one has', async () => {
  const device = createDevice()
  device.session.status.kind = 'recovering'
  const first = device.showPage()
  await first.open()
  first.draft.type('deploy')
  const promptId = first.draft.sending('deploy')
  first.leave()
  const second = device.showPage()
  second.draft.type('make')
  first.draft.settled('deploy', promptId, sent)
  first.draft.sent('deploy')
  expect(device.kept()).toBe('make')
})

import {maxDraftBytes, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createDevice, type Device} from './fixtures/draft-device.ts'

const running = {prompt_id: 'p1', text: 'sudo make install', started_at: 0} as unknown as SessionState['running']

/** Types a text without a connection, and loses the page. */
async function typeOffline({session, showPage}: Device, text: string): Promise<void> {
  const page = showPage()
  await page.open()
  session.status.kind = 'recovering'
  await page.draft.lineChanged(false)
  page.draft.type(text)
  page.leave()
  session.status.kind = 'live'
}

test('a text that was typed without a connection is stored when there is one, and then no longer kept on the device', async () => {
  const device = createDevice()
  await typeOffline(device, 'git push')
  expect(device.kept()).toBe('git push')
  const page = device.showPage()
  await page.open()
  expect(page.draft.text.value).toBe('git push')
  expect(device.stored).toEqual([['git push', 0]])
  expect(device.kept()).toBeUndefined()
})

test('a text is stored under the condition of the time at which it was typed, by whatever page', async () => {
  const device = createDevice()
  device.session.hiddenAt = 5
  await typeOffline(device, 'hunter2')
  // A program has hidden what is typed, while this device had no line.
  device.session.hiddenAt = 9
  const page = device.showPage()
  expect(page.draft.text.value).toBe('hunter2')
  await page.open()
  page.draft.type('hunter22')
  await page.draft.lineChanged(true)
  expect(device.stored).toEqual([
    ['hunter2', 5],
    ['hunter22', 5],
  ])
  expect(page.draft.hiddenAt()).toBe(5)

  page.draft.type('')
  page.draft.type('ls')
  expect(page.draft.hiddenAt()).toBe(9)
})

test('a text that the host has refused, as it may be a secret, is kept nowhere', async () => {
  const device = createDevice()
  await typeOffline(device, 'hunter2')
  device.session.hiddenAt = 9
  const {draft, open} = device.showPage()
  await open()
  expect(device.kept()).toBeUndefined()
  device.session.status.kind = 'recovering'
  await draft.lineChanged(false)
  draft.type('hunter22')
  expect(device.kept()).toBeUndefined()

  draft.type('')
  draft.type('ls')
  expect(device.kept()).toBe('ls')
})

test('a text of which nobody knows whether it was typed for the program that runs is shown, and not stored', async () => {
  const device = createDevice()
  device.showPage().draft.type('hunter2')
  device.session.state.running = running
  const page = device.showPage()
  await page.open()
  page.draft.type('hunter22')
  await page.draft.lineChanged(true)
  expect(page.draft.text.value).toBe('hunter22')
  expect(device.stored).toEqual([])
  expect(device.kept()).toBe('hunter22')

  page.draft.type('')
  page.draft.type('ls')
  await page.draft.lineChanged(true)
  expect(device.stored).toEqual([['ls', 0]])
  expect(device.kept()).toBeUndefined()
})

test('a text that has taken the place of one that may be a secret is a draft like any other', async () => {
  const device = createDevice()
  const page = device.showPage()
  await page.open()
  page.draft.type('hunt')
  device.session.hiddenAt = 5
  page.draft.type('hunter22')
  expect(page.draft.hiddenAt()).toBe(0)
  page.draft.type('e')
  expect(page.draft.hiddenAt()).toBe(5)
  page.draft.type('echo')
  await page.draft.lineChanged(true)
  expect(device.stored.at(-1)).toEqual(['echo', 5])
})

test('a text that was typed before the session was open, where no program runs, is stored', async () => {
  const device = createDevice()
  const page = device.showPage()
  page.draft.type('git push')
  await page.open()
  expect(device.stored).toEqual([['git push', undefined]])
  expect(device.kept()).toBeUndefined()
})

test('a draft that is too long to be stored stays on the device, until a shorter one is stored', async () => {
  const device = createDevice()
  const long = 'x'.repeat(maxDraftBytes + 1)
  await typeOffline(device, long)
  const page = device.showPage()
  await page.open()
  expect(page.problems).toEqual(['too long'])
  expect(device.stored).toEqual([])
  expect(device.kept()).toBe(long)

  page.draft.type(`${long}y`)
  expect(device.kept()).toBe(`${long}y`)
  page.draft.type('short')
  await page.draft.lineChanged(true)
  expect(device.stored).toEqual([['short', 0]])
  expect(device.kept()).toBeUndefined()
})

test('a draft that was stored before the line was lost is not kept when the line is back', async () => {
  const device = createDevice()
  const {draft, open} = device.showPage()
  await open()
  draft.type('git push')
  await draft.lineChanged(true)
  await draft.lineChanged(false)
  expect(device.kept()).toBe('git push')
  await draft.lineChanged(true)
  expect(device.stored).toEqual([['git push', 0]])
  expect(device.kept()).toBeUndefined()
})

test('a page that was left before its session was open changes no draft', async () => {
  const device = createDevice()
  const first = device.showPage()
  first.draft.type('git')
  first.leave()
  const second = device.showPage()
  second.draft.type('git push')
  await first.open()
  await second.open()
  expect(device.stored).toEqual([['git push', undefined]])
})

test('a text that is sent before the session is open leaves the draft of another device', async () => {
  const device = createDevice()
  device.session.state.draft = 'other'
  const {draft, open} = device.showPage()
  draft.type('mine')
  await open()
  expect(draft.text.value).toBe('other\nmine')
  draft.sent('mine')
  expect(draft.text.value).toBe('other')
})

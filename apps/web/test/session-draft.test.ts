import {setImmediate} from 'node:timers/promises'

import type {ClientSession} from '@holdfast/client'
import {maxDraftBytes, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {UnsavedDraft} from '../src/cache/unsaved-drafts.ts'
import {createSessionDraft} from '../src/composer/session-draft.ts'
import {shellInfo} from './fixtures/events.ts'

const running = {prompt_id: 'p1', text: 'sudo make install', started_at: 0} as unknown as SessionState['running']

/** A browser, and a session whose host has seen a program hide what is typed at `hiddenAt`. */
function createDevice() {
  const kept = new Map<string, UnsavedDraft>()
  const stored: [text: string, hiddenAt: number | undefined][] = []
  const arrived = Promise.withResolvers<void>()
  const state = {info: shellInfo, draft: '', running: null as SessionState['running']}
  const session = {
    state,
    status: {kind: 'live'} as {kind: 'live' | 'recovering'},
    hiddenAt: 0,
    look: async () => 'none',
    async setDraft(text: string, {hiddenAt}: {hiddenAt?: number} = {}) {
      stored.push([text, hiddenAt])
      return {stored: session.hiddenAt <= (hiddenAt ?? Infinity)}
    },
  }
  const cache = {
    readUnsaved: (id: string) => kept.get(id),
    keepUnsaved: (id: string, draft: UnsavedDraft | undefined) =>
      void (draft === undefined ? kept.delete(id) : kept.set(id, draft)),
  }
  return {
    session,
    stored,
    promptArrives: arrived.resolve,
    kept: () => kept.get('s')?.text,
    /** A page that shows the session. `open`: the gateway opens it. */
    showPage() {
      let current: ClientSession | undefined
      const opened = Promise.withResolvers<ClientSession>()
      const model = {
        id: 's',
        session: () => current,
        opened: opened.promise,
        promptArrived: () => arrived.promise,
      }
      const problems: string[] = []
      const draft = createSessionDraft({model, cache, onTooLong: () => problems.push('too long')})
      const leave = draft.begin()
      const open = async () => {
        current = session as unknown as ClientSession
        opened.resolve(current)
        await draft.lineChanged(true)
      }
      return {draft, problems, open, leave}
    },
  }
}

type Device = ReturnType<typeof createDevice>

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

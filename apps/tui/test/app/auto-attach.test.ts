import type {AttachmentEnd, ClientSession} from '@holdfast/client'
import {afterEach, expect, test, vi} from 'vitest'

import {createAutoAttach} from '../../src/app/attaching/auto-attach.ts'
import {createScreenModel} from '../../src/ui/screen-model.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A screen on which a program wants the terminal, and has not been used from here. */
function openScreen() {
  const model = createScreenModel({size: {cols: 80, rows: 24}, depth: 1})
  const attached: string[] = []
  const draft = {text: ''}
  let onDraft = () => undefined as void
  let end: (how: AttachmentEnd) => void = () => undefined
  const autoAttach = createAutoAttach({
    setting: 'auto',
    session: () => ({state: {running: {prompt_id: 'a'}}, status: {kind: 'live'}}) as ClientSession,
    model,
    composer: {view: {draft}, subscribe: (listener: () => void) => void (onDraft = listener)} as never,
    isBusy: () => false,
    attach() {
      attached.push('attached')
      return new Promise((resolve) => (end = resolve))
    },
    detach: () => undefined,
  })
  model.setInput('terminal')
  autoAttach.look()
  expect(model.snapshot.offer).toBe('enter')
  const type = (text: string) => {
    draft.text = text
    onDraft()
  }
  return {model, autoAttach, attached, type, end: (how: AttachmentEnd) => end(how)}
}

test('a program gets the terminal a second after the last key, also if a timer is early', () => {
  vi.useFakeTimers()
  const {autoAttach, attached, type} = openScreen()
  autoAttach.claim('a')
  type('ls')
  // As each look at the clock is later than the one before.
  let now = performance.now() + 999.7
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.2))
  vi.advanceTimersToNextTimer()
  expect(attached).toEqual([])
  vi.advanceTimersToNextTimer()
  expect(attached).toEqual(['attached'])
  clock.mockRestore()
})

test('Enter takes the offered terminal once', () => {
  const {autoAttach, attached} = openScreen()
  expect(autoAttach.takeOffer()).toBe(true)
  expect(autoAttach.takeOffer()).toBe(false)
  expect(attached).toEqual(['attached'])
})

test('Enter takes the terminal from nobody, also before the next frame says that another client has it', () => {
  const {model, autoAttach, attached} = openScreen()
  const payload = {prompt_id: 'a', attach_id: 'b'}
  model.takeEvent({session_id: '0123456789', at: 0, seq: 1, type: 'attach.start', payload}, undefined)
  expect(autoAttach.takeOffer()).toBe(false)
  expect(attached).toEqual([])
  expect(model.snapshot.offer).toBe('key')
})

test('Ctrl-O while an attachment ends attaches again', async () => {
  const {autoAttach, attached, end} = openScreen()
  autoAttach.attach()
  end('detached')
  autoAttach.attach()
  expect(attached).toEqual(['attached'])
  await expect.poll(() => attached).toEqual(['attached', 'attached'])
  end('detached')
  await new Promise(setImmediate)
  expect(attached).toHaveLength(2)
})

test('a program that wants the terminal before it is taken back from the one before gets it', async () => {
  const {model, autoAttach, attached, end} = openScreen()
  autoAttach.claim('a')
  autoAttach.look()
  model.setInput('none')
  autoAttach.look()
  model.setInput('terminal')
  autoAttach.look()
  end('detached')
  await expect.poll(() => attached).toEqual(['attached', 'attached'])
})

test('a program from which the user has taken the terminal back does not get it again', async () => {
  const {autoAttach, attached, end} = openScreen()
  autoAttach.claim('a')
  autoAttach.look()
  end('detached')
  await new Promise(setImmediate)
  expect(attached).toHaveLength(1)
})

import {PeerGoneError, RpcError, type ClientSession} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {sendInput, sendPrompt} from '../src/composer/send.ts'
import {withoutSent} from '../src/composer/session-draft.ts'

const lost = new PeerGoneError({by: 'peer', message: 'the connection was lost'})
const prompt = {promptId: 'p2', text: 'ls', hiddenAt: undefined, readsNothing: false, isNow: true}

function sessionWith(requests: object): ClientSession {
  const answered = {submit: async () => 'queued', promote: async () => true, interrupt: async () => true}
  return {state: {running: {prompt_id: 'p1'}}, ...answered, ...requests} as unknown as ClientSession
}

test('a prompt that is committed was sent, also where what runs could not be stopped', async () => {
  const session = sessionWith({interrupt: () => Promise.reject(lost)})
  expect(await sendPrompt(session, prompt)).toMatchObject({
    kind: 'sent',
    why: expect.stringContaining('queued') as string,
  })
})

test('a prompt without an answer may have arrived; one that the host refuses has not', async () => {
  const unsure = await sendPrompt(sessionWith({submit: () => Promise.reject(lost)}), prompt)
  expect(unsure).toMatchObject({kind: 'refused', mayHaveArrived: true})
  const refusal = new RpcError(errorCodes.tooMany, 'the prompt queue is full')
  const refused = await sendPrompt(sessionWith({submit: () => Promise.reject(refusal)}), prompt)
  expect(refused).toEqual({kind: 'refused', why: refusal.message, isSecret: false, mayHaveArrived: false})
})

test.each([true, false])('a line for a program that has ended goes to no other one (hidden: %j)', async (isSecret) => {
  const sent: unknown[] = []
  const inputWhen = async (_when: string, _data: Uint8Array, {promptId}: {promptId: string}) => {
    sent.push(promptId)
    throw new RpcError(errorCodes.notAllowed, 'No program is running')
  }
  const line = {text: 'Ann', isSecret, promptId: 'p0'}
  const why = 'The program has ended: nothing was sent'
  expect(await sendInput(sessionWith({inputWhen}), line)).toEqual({kind: 'refused', why, isSecret})
  expect(await sendInput(sessionWith({inputWhen}), {...line, promptId: undefined})).toMatchObject({why})
  expect(sent).toEqual(['p0'])
})

test.each([
  ['ls', 'ls', ''],
  ['ls -l', 'ls', ' -l'],
  ['git', 'ls', 'git'],
  ['make\nls', 'ls', 'make'],
  ['ls\nls', 'ls', '\nls'],
])('of %j, after %j was sent, stays %j', (text, sent, left) => {
  expect(withoutSent(text, sent)).toBe(left)
})

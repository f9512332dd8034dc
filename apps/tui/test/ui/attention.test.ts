import {expect, test} from 'vitest'

import {attentionFor, attentionForInput, attentionSequence} from '../../src/ui/attention.ts'

const at = 1_000_000
const envelope = {session_id: '0123456789', seq: 9, at}
const settings = {notifyAfterSeconds: 10}
const end = (duration_ms: number) =>
  ({
    ...envelope,
    type: 'message.complete',
    payload: {prompt_id: 'a', status: 'complete', exit_code: 0, duration_ms},
  }) as const

test('the end of a long run notifies the user, the end of a short run does not', () => {
  expect(attentionFor(end(10_000), at, settings, 'make')).toBe('✓ 10.0 s · make')
  expect(attentionFor(end(9999), at, settings, 'make')).toBeUndefined()
})

test('a question notifies the user; replayed events do not', () => {
  const payload = {approval_id: 'b', prompt_id: 'a', title: 'Delete\u001b[2J it?', choices: [{id: 'y', label: 'Yes'}]}
  const question = {...envelope, type: 'approval.request', payload} as const
  expect(attentionFor(question, at, settings, undefined)).toBe('Waiting for your answer: Delete it?')
  expect(attentionFor(question, at + 10_001, settings, undefined)).toBeUndefined()
  expect(attentionFor(end(60_000), at + 10_001, settings, 'make')).toBeUndefined()
})

test('a program that waits for input notifies the user after a long time without input, and no other one', () => {
  expect(attentionForInput(at, at + 10_000, settings, 'npm init\n')).toBe('Waiting for your input: npm init')
  expect(attentionForInput(at, at + 9999, settings, 'npm init')).toBeUndefined()
})

test('the setting chooses BEL, OSC 9 or OSC 777; control characters are removed from the text', () => {
  expect(attentionSequence('bell', 'done')).toBe('\u0007')
  expect(attentionSequence('osc9', 'do\u0007\u001b[2Jne\u009c')).toBe('\u001b]9;do[2Jne\u0007')
  expect(attentionSequence('osc777', 'do\u0007ne; all')).toBe('\u001b]777;notify;Holdfast;done; all\u0007')
  expect(attentionSequence('off', 'done')).toBe('')
})

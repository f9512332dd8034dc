import type {LoggedEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createTranscript} from '../../src/ui/create-transcript.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const prompt_id = 'prompt'

test('a program that clears the screen before it gets the terminal has a result', async () => {
  const transcript = createTranscript({
    size: {cols: 40, rows: 12},
    depth: 24,
    paint: () => plainPaint,
    onChange() {},
  })
  const take = (seq: number, type: string, payload: object) =>
    transcript.takeEvent({type, session_id: 'session', seq, at: 0, payload} as LoggedEvent, undefined)
  transcript.handOver('a', {onBegin() {}, onLogged() {}, onEnd: () => new Uint8Array()})
  take(1, 'message.start', {prompt_id, text: 'top', cwd: '/'})
  take(2, 'message.delta', {prompt_id, text: '\u001b[H\u001b[2J'})
  take(3, 'attach.start', {prompt_id, attach_id: 'a'})
  take(4, 'message.delta', {prompt_id, text: '\u001b[Htop - 20:14:00\r\n'})
  take(5, 'attach.end', {prompt_id, attach_id: 'a', reason: 'program-ended', duration_ms: 1})
  take(6, 'message.complete', {prompt_id, status: 'complete', exit_code: 0})
  await transcript.settled
  expect(transcript.takeLines().at(-1)).toBe('✓')
})

import {expect, test} from 'vitest'

import {createRunTracker} from '../../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const marker = (fields: string) => `\x1b]7133;${NONCE};${fields}\x07`
const HOOK = '{ hook; } &>/dev/null'

/** The output in these bytes, cut into chunks. */
function outputOf(bytes: string, chunkLength: number): string {
  const tracker = createRunTracker(NONCE, {hookEcho: HOOK})
  const all = Buffer.from(bytes)
  const chunks = Array.from({length: Math.ceil(all.length / chunkLength)}, (_, at) => at * chunkLength)
  const events = chunks.flatMap((at) => tracker.feed(all.subarray(at, at + chunkLength)))
  return [...events, ...tracker.flush()]
    .map((event) => (event.kind === 'output' ? Buffer.from(event.data).toString() : ''))
    .join('')
}

test.each([1, 3, 1000])('the line of the hooks before an end marker is no output, cut after %d bytes', (length) => {
  const before = marker('end;0;/') + '\x1b[?2004h$ x\r\n\x1b[?2004l\r' + marker('start')
  expect(outputOf(`${before}hi\r\n${HOOK}\r\n${marker('end;0;/')}`, length)).toBe('hi\r\n')
  expect(outputOf(`${before}hi${HOOK}\r\n${marker('end;0;/')}`, length)).toBe('hi')
  // Elsewhere, it is.
  expect(outputOf(`${before}${HOOK}\r\n${HOOK}\r\n!${marker('end;0;/')}`, length)).toBe(`${HOOK}\r\n${HOOK}\r\n!`)
  expect(outputOf(`${before}${HOOK}${marker('end;0;/')}`, length)).toBe(HOOK)
  expect(outputOf(`${before}{ hook`, length)).toBe('{ hook')
})

test('text after a line that got no marker can be taken', () => {
  const tracker = createRunTracker(NONCE)
  tracker.feed(Buffer.from(`${marker('end;0;/')}\x1b[?2004h$ `))
  tracker.noteTyping('echo hi')
  tracker.feed(Buffer.from('echo hi\r\n\x1b[?2004l\r\nhi\r\n\x1b[?2004h$ '))
  expect(Buffer.from(tracker.takeUnmarked()).toString()).toBe('hi\r\n')
  expect(tracker.takeUnmarked()).toHaveLength(0)
})

import {expect, test} from 'vitest'

import {createRunTracker, markerPrefix} from '../../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const marker = (body: string) => `${markerPrefix(NONCE)}${body}\x07`
const running = marker('end;0;/') + '\x1b[?2004h$ exit\r\n\x1b[?2004l\r' + marker('start')

/** The output in these bytes, cut into chunks. */
function outputOf(bytes: string, chunkLength: number): string {
  const tracker = createRunTracker(NONCE)
  const all = Buffer.from(running + bytes)
  const chunks = Array.from({length: Math.ceil(all.length / chunkLength)}, (_, at) => at * chunkLength)
  const events = chunks.flatMap((at) => tracker.feed(all.subarray(at, at + chunkLength)))
  return [...events, ...tracker.flush()]
    .map((event) => (event.kind === 'output' ? Buffer.from(event.data).toString() : ''))
    .join('')
}

test.each([1, 3, 1000])('the line that a shell prints when it leaves is no output, cut after %d bytes', (length) => {
  const leaving = marker('leaving')
  expect(outputOf(`a\r\n${leaving}exit\r\n`, length)).toBe('a\r\n')
  expect(outputOf(`a${leaving}exit\nexit\r\n`, length)).toBe('aexit\r\n')
  expect(outputOf(`${leaving}exit\r\n${leaving}exit\r\nThere are stopped jobs.\r\n`, length)).toBe(
    'There are stopped jobs.\r\n',
  )
  // Anything else is.
  expect(outputOf(`exit\r\n${leaving}`, length)).toBe('exit\r\n')
  expect(outputOf(`${leaving}a\r\nexit\r\n`, length)).toBe('a\r\nexit\r\n')
  expect(outputOf(`${leaving}exi`, length)).toBe('exi')
  expect(outputOf(`${leaving}exi${marker('end;0;/')}`, length)).toBe('exi')
  expect(outputOf(`${leaving}${marker('end;0;/')}${running}exit\r\n`, length)).toBe('exit\r\n')
})

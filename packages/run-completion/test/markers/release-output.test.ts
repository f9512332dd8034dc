import {expect, test} from 'vitest'

import {createRunTracker} from '../../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const marker = (fields: string) => `\x1b]7133;${NONCE};${fields}\x07`
const HOOK = '{ hook; } &>/dev/null'
const RUNNING = `${marker('end;0;/')}\x1b[?2004h$ x\r\n\x1b[?2004l\r${marker('start')}`

/** The output of a tracker that releases it before and after each chunk, and the kinds of the other events. */
function releasedOutput(chunks: readonly string[]): {output: string; others: string[]} {
  const tracker = createRunTracker(NONCE, {hookEcho: HOOK})
  tracker.feed(Buffer.from(RUNNING))
  const events = chunks.flatMap((chunk) => [...tracker.feed(Buffer.from(chunk)), ...tracker.releaseOutput()])
  expect(tracker.withholdsOutput).toBe(false)
  return {
    output: events.map((event) => (event.kind === 'output' ? Buffer.from(event.data).toString() : '')).join(''),
    others: events.map(({kind}) => kind).filter((kind) => kind !== 'output'),
  }
}

test('output that may begin a marker is withheld until it is released', () => {
  const tracker = createRunTracker(NONCE, {hookEcho: HOOK})
  tracker.feed(Buffer.from(RUNNING))
  for (const beginning of ['\x1b', '\x1b]7133;0', marker('end;0;').slice(0, -1), '{', '{ hook']) {
    expect(tracker.feed(Buffer.from(beginning))).toEqual([])
    expect(tracker.withholdsOutput).toBe(true)
    expect(Buffer.concat(tracker.releaseOutput().map((event) => ('data' in event ? event.data : Buffer.of())))).toEqual(
      Buffer.from(beginning),
    )
    expect(tracker.withholdsOutput).toBe(false)
    expect(tracker.releaseOutput()).toEqual([])
  }
})

test('released output is not repeated, and a marker whose rest comes later is still found', () => {
  for (const text of [
    `a${marker('end;0;/')}`,
    `a\x1b]7133;${NONCE};no\x07b{ hook{ hooked`,
    '\x1b\x1b]71\x1b]7133;{c',
  ]) {
    for (let at = 1; at < text.length; at++) {
      const {output, others} = releasedOutput([text.slice(0, at), text.slice(at), 'd'])
      const isMarker = text.startsWith('a\x1b]') && text.endsWith('/\x07')
      expect(others).toEqual(isMarker ? ['end'] : [])
      expect(output).toBe(isMarker ? text.slice(0, at) : `${text}d`)
    }
  }
})

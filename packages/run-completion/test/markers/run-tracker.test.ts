import {describe, expect, test} from 'vitest'

import {createNonce, createRunTracker, type RunEvent} from '../../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const START = `\x1b]7133;${NONCE};start\x07`
const END = (exitCode: number, folder = '/tmp') => `\x1b]7133;${NONCE};end;${exitCode};${folder}\x07`
const OPENS = '\x1b[?2004h'
const CLOSES = '\x1b[?2004l'
/** A shell's start, up to its first prompt. */
const PROMPT = `${END(0)}${OPENS}$ `

/** The events in these bytes as text, with adjacent output joined. */
function track(bytes: string, chunkLength = Infinity): string[] {
  const tracker = createRunTracker(NONCE)
  const all = Buffer.from(bytes, 'latin1')
  const events: RunEvent[] = []
  for (let at = 0; at < all.length; at += chunkLength) events.push(...tracker.feed(all.subarray(at, at + chunkLength)))
  events.push(...tracker.flush())
  return describeEvents(events)
}

function describeEvents(events: readonly RunEvent[]): string[] {
  const lines: string[] = []
  for (const event of events) {
    const last = lines.at(-1)
    if (event.kind === 'end') lines.push(`end ${event.exitCode} ${event.cwd}`)
    else if (event.kind === 'ready') lines.push(`ready for ${event.prompt}`)
    else if (event.kind !== 'output') lines.push(event.kind)
    else {
      const text = Buffer.from(event.data).toString('latin1')
      if (last?.startsWith('output ')) lines[lines.length - 1] = last + text
      else lines.push(`output ${text}`)
    }
  }
  return lines
}

describe('createRunTracker', () => {
  const session = [
    'Welcome!\r\n',
    PROMPT,
    `echo hi\r\n${CLOSES}\r${START}hi\r\n${END(0)}`,
    `title ${OPENS}$ `,
    `echo )\r\n${CLOSES}\rbash: syntax error\r\n${END(2)}${OPENS}$ `,
    `\r\n${CLOSES}\r${END(2)}${OPENS}$ `,
    `cat <<E\r\n${CLOSES}\r${OPENS}> E\r\n${CLOSES}\rdecoration${START}${OPENS}nested${CLOSES}${END(0, '/a%3Bb%25')}${OPENS}`,
    `exit 3\r\n${CLOSES}\r${START}exit\r\n`,
  ].join('')
  const events = [
    'output Welcome!\r\n',
    'end 0 /tmp',
    'ready for command',
    'entered',
    'start',
    'output hi\r\n',
    'end 0 /tmp',
    'ready for command',
    'entered',
    'output bash: syntax error\r\n',
    'end 2 /tmp',
    'ready for command',
    'entered',
    'end 2 /tmp',
    'ready for command',
    'entered',
    'ready for continuation',
    'entered',
    'start',
    `output ${OPENS}nested${CLOSES}`,
    'end 0 /a;b%',
    'ready for command',
    'entered',
    'start',
    'output exit\r\n',
  ]

  test('reports the events of a session in order, however its bytes are cut', () => {
    expect(track(session)).toEqual(events)
    for (const length of [1, 2, 3, 7, 11, 39, 40, 64]) expect(track(session, length)).toEqual(events)
  })

  test.each([
    ['a marker with another nonce', `\x1b]7133;${'f'.repeat(32)};end;0;/\x07`],
    ['a marker without its bell', `\x1b]7133;${NONCE};end;0;/ and on`],
    ['a marker of unknown kind', `\x1b]7133;${NONCE};stop\x07`],
    ['a report of no prompts', `\x1b]7133;${NONCE};shows\x07`],
    ['a report of too many prompts', `\x1b]7133;${NONCE};shows;1;2;3;4\x07`],
    ['a marker with a control character', `\x1b]7133;${NONCE};end;0;/a\x1bb\x07`],
    ['the beginning of a marker', `\x1b]7133;${NONCE.slice(0, 5)} \x1b]71`],
    ['a marker that is too long', `\x1b]7133;${NONCE};end;0;/${'a'.repeat(20_000)}\x07`],
  ])('passes %s through unchanged', (_, bytes) => {
    for (const length of [1, Infinity]) {
      expect(track(`${PROMPT}${CLOSES}${START}${bytes}`, length).slice(-1)).toEqual([`output ${bytes}`])
    }
  })

  test.each([1, 7, Infinity])('reads a report of prompts, in pieces of %d bytes', (length) => {
    const tracker = createRunTracker(NONCE, {mayHaveJobs: () => true})
    const shows = `\x1b]7133;${NONCE};shows;100%25%3B %1B[1m\u00e9$ ;> \x07`
    const bytes = Buffer.from(`${END(0)}<1>${shows}<2>${OPENS}100%; \x1b[1m\u00e9$ <3>`)
    const found: RunEvent[] = []
    for (let at = 0; at < bytes.length; at += length) found.push(...tracker.feed(bytes.subarray(at, at + length)))
    found.push(...tracker.notePromptDrawn())
    const background = found.flatMap((event) => (event.kind === 'background-output' ? [Buffer.from(event.data)] : []))
    expect(Buffer.concat(background).toString()).toBe('<1><2><3>')
  })

  test('takes text between output and end marker for the prompt; without an end marker, the line editor is output', () => {
    const over = `\x1b]7133;${NONCE};over;7\x07`
    expect(track(`${PROMPT}x${CLOSES}${START}abc${over}trace${END(7)}${OPENS}`).slice(-4)).toEqual([
      'start',
      'output abc',
      'end 7 /tmp',
      'ready for command',
    ])
    expect(track(`${PROMPT}x${CLOSES}${START}abc${over}> ${OPENS}`).at(-1)).toBe(`output abc${OPENS}`)
  })

  test('finds a marker after text that only looks like one', () => {
    const fake = `\x1b]7133;${NONCE};fake \x1b]7133;${NONCE};`
    expect(track(START + fake + END(7)).slice(-2)).toEqual([`output ${fake}`, 'end 7 /tmp'])
  })

  test('withholds only bytes that may become a marker', () => {
    const tracker = createRunTracker(NONCE)
    expect(describeEvents(tracker.feed(Buffer.from('abc\x1b[1m\x1b]7')))).toEqual(['output abc\x1b[1m'])
    expect(describeEvents(tracker.feed(Buffer.from('2')))).toEqual(['output \x1b]72'])
  })

  test('does not withhold a flood printed while a line is parsed', () => {
    const tracker = createRunTracker(NONCE)
    tracker.feed(Buffer.from(`${PROMPT}x${CLOSES}`))
    const found = [1, 2, 3].flatMap(() => tracker.feed(Buffer.alloc(40_000, 'x')))
    expect(found.map((event) => event.kind)).toEqual(['output'])
  })

  test('takes sequences of a line editor for output before the first prompt', () => {
    expect(track(`${OPENS}password? ${CLOSES}${PROMPT}`)).toEqual([
      `output ${OPENS}password? ${CLOSES}`,
      'end 0 /tmp',
      'ready for command',
    ])
  })

  test('decodes the bytes of a folder name', () => {
    const folder = Buffer.from('/é').toString('latin1')
    expect(track(END(0, `${folder}%0A%1B%7F`))).toEqual(['end 0 /é\n\x1b\x7f'])
  })

  test('rejects a malformed nonce', () => {
    expect(() => createRunTracker('$(rm -r /)')).toThrow('Expected `nonce` to be 32 hex digits, got `$(rm -r /)`')
  })
})

test('two nonces differ', () => {
  expect(createNonce()).toMatch(/^[0-9a-f]{32}$/)
  expect(createNonce()).not.toBe(createNonce())
})

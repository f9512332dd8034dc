import {describe, expect, test} from 'vitest'

import {createRunTracker, type RunFact} from '../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const START = `\x1b]7133;${NONCE};start\x07`
const END = (exitCode: number, folder = '/tmp') => `\x1b]7133;${NONCE};end;${exitCode};${folder}\x07`
const OPENS = '\x1b[?2004h'
const CLOSES = '\x1b[?2004l'
/** A shell's start, up to its first prompt. */
const PROMPT = `${END(0)}${OPENS}$ `

/** The facts of these bytes, told in words, with the output between two facts joined. */
function track(bytes: string, chunkLength = Infinity): string[] {
  const tracker = createRunTracker(NONCE)
  const all = Buffer.from(bytes, 'latin1')
  const facts: RunFact[] = []
  for (let at = 0; at < all.length; at += chunkLength) facts.push(...tracker.feed(all.subarray(at, at + chunkLength)))
  facts.push(...tracker.flush())
  return inWords(facts)
}

function inWords(facts: readonly RunFact[]): string[] {
  const words: string[] = []
  for (const fact of facts) {
    const last = words.at(-1)
    if (fact.kind === 'end') words.push(`end ${fact.exitCode} ${fact.cwd}`)
    else if (fact.kind === 'ready') words.push(`ready for ${fact.prompt}`)
    else if (fact.kind !== 'output') words.push(fact.kind)
    else {
      const text = Buffer.from(fact.data).toString('latin1')
      if (last?.startsWith('output ')) words[words.length - 1] = last + text
      else words.push(`output ${text}`)
    }
  }
  return words
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
  const facts = [
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

  test('tells the facts of a session in order, however its bytes are cut', () => {
    expect(track(session)).toEqual(facts)
    for (const length of [1, 2, 3, 7, 11, 39, 40, 64]) expect(track(session, length)).toEqual(facts)
  })

  test.each([
    ['a mark of another nonce', `\x1b]7133;${'f'.repeat(32)};end;0;/\x07`],
    ['a mark without its bell', `\x1b]7133;${NONCE};end;0;/ and on`],
    ['a mark of no known kind', `\x1b]7133;${NONCE};stop\x07`],
    ['a mark with a control character', `\x1b]7133;${NONCE};end;0;/a\x1bb\x07`],
    ['the beginning of a mark', `\x1b]7133;${NONCE.slice(0, 5)} \x1b]71`],
    ['a mark longer than any', `\x1b]7133;${NONCE};end;0;/${'a'.repeat(20_000)}\x07`],
  ])('passes on %s as it is', (_, bytes) => {
    for (const length of [1, Infinity]) {
      expect(track(`${PROMPT}${CLOSES}${START}${bytes}`, length).slice(-1)).toEqual([`output ${bytes}`])
    }
  })

  test('takes for the prompt what follows the output, up to the end mark; without that the editor is output', () => {
    const over = `\x1b]7133;${NONCE};over;7\x07`
    expect(track(`${PROMPT}x${CLOSES}${START}abc${over}trace${END(7)}${OPENS}`).slice(-4)).toEqual([
      'start',
      'output abc',
      'end 7 /tmp',
      'ready for command',
    ])
    expect(track(`${PROMPT}x${CLOSES}${START}abc${over}> ${OPENS}`).at(-1)).toBe(`output abc${OPENS}`)
  })

  test('finds the mark that follows what only looks like one', () => {
    const fake = `\x1b]7133;${NONCE};fake \x1b]7133;${NONCE};`
    expect(track(START + fake + END(7)).slice(-2)).toEqual([`output ${fake}`, 'end 7 /tmp'])
  })

  test('holds back no more than what may become a mark', () => {
    const tracker = createRunTracker(NONCE)
    expect(inWords(tracker.feed(Buffer.from('abc\x1b[1m\x1b]7')))).toEqual(['output abc\x1b[1m'])
    expect(inWords(tracker.feed(Buffer.from('2')))).toEqual(['output \x1b]72'])
  })

  test('does not hold a flood that comes while a line is parsed', () => {
    const tracker = createRunTracker(NONCE)
    tracker.feed(Buffer.from(`${PROMPT}x${CLOSES}`))
    const told = [1, 2, 3].flatMap(() => tracker.feed(Buffer.alloc(40_000, 'x')))
    expect(told.map((fact) => fact.kind)).toEqual(['output'])
  })

  test('takes the words of an editor for output until the shell is at its first prompt', () => {
    expect(track(`${OPENS}password? ${CLOSES}${PROMPT}`)).toEqual([
      `output ${OPENS}password? ${CLOSES}`,
      'end 0 /tmp',
      'ready for command',
    ])
  })

  test('gives a folder in its own bytes', () => {
    const folder = Buffer.from('/é').toString('latin1')
    expect(track(END(0, `${folder}%0A%1B%7F`))).toEqual(['end 0 /é\n\x1b\x7f'])
  })

  test('rejects a nonce that is none', () => {
    expect(() => createRunTracker('$(rm -r /)')).toThrow('Expected `nonce` to be 32 hex digits, got `$(rm -r /)`')
  })
})

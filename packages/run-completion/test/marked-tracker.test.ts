import {describe, expect, test} from 'vitest'

import {createRunTracker, type RunFact} from '../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const mark = (fields: string) => `\x1b]7133;${NONCE};${fields}\x07`

function track(editor: 'terminal' | 'marks', bytes: string, chunkLength: number): string[] {
  const tracker = createRunTracker(NONCE, {editor})
  const all = Buffer.from(bytes, 'latin1')
  const words: string[] = []
  const say = (fact: RunFact): void => {
    const word = fact.kind === 'output' ? `output ${Buffer.from(fact.data).toString('latin1')}` : fact.kind
    const isMore = fact.kind === 'output' && words.at(-1)?.startsWith('output ')
    if (isMore) words[words.length - 1] += word.slice('output '.length)
    else words.push(fact.kind === 'ready' ? `ready for ${fact.prompt}` : word)
  }
  for (let at = 0; at < all.length; at += chunkLength) tracker.feed(all.subarray(at, at + chunkLength)).forEach(say)
  tracker.flush().forEach(say)
  return words
}

describe('a shell without a line editor', () => {
  const prompt = `${mark('prompt;0;/')}two\r\nlines $ ${mark('drawn')}`

  test('tells the same however its bytes are cut', () => {
    const session = [
      'Welcome!\r\n',
      prompt,
      `start; echo hi\r\n${mark('start')}hi\r\n${prompt}`,
      `cat <<E\r\n${mark('more')}> ${mark('drawn')}E\r\n${mark('start')}${prompt}`,
      `echo )\r\nsh: syntax error\r\n${prompt}`,
    ].join('')
    for (const length of [1, 3, 7, 41, Infinity]) {
      expect(track('terminal', session, length)).toEqual([
        'output Welcome!\r\n',
        'end',
        'ready for command',
        'entered',
        'start',
        'output hi\r\n',
        'end',
        'ready for command',
        'entered',
        'ready for continuation',
        'entered',
        'start',
        'end',
        'ready for command',
        'entered',
        'output sh: syntax error\r\n',
        'end',
        'ready for command',
      ])
    }
  })
})

describe('a shell that tells all by marks', () => {
  const prompt = `${mark('prompt;0;/')}> `

  test('tells the same however its bytes are cut, without the title that it sets before a command', () => {
    const title = '\x1b]0;echo hi ~\x07\x1b[30m\x1b(B\x1b[m\r'
    const session = [
      prompt,
      `echo hi\r\n${mark('start')}${title}\x1b]0;of the program\x07\x1b[31mhi\r\n${mark('end;0;/')}⏎ ${prompt}`,
      `true\r\n${mark('start')}${title}${mark('end;0;/')}${prompt}`,
      `${mark('incomplete')}\r\n${prompt}`,
      `${mark('invalid')}fish: Unexpected\r\n${mark('end;127;/')}${prompt}`,
    ].join('')
    for (const length of [1, 3, 7, 41, Infinity]) {
      expect(track('marks', session, length)).toEqual([
        'end',
        'ready for command',
        'start',
        'output \x1b]0;of the program\x07\x1b[31mhi\r\n',
        'end',
        'ready for command',
        'start',
        'end',
        'ready for command',
        'incomplete',
        'end',
        'ready for command',
        'output fish: Unexpected\r\n',
        'end',
        'ready for command',
      ])
    }
  })

  test.each(['', '\x1b[?2004l'])('takes all for output where no title is set, after %j', (before) => {
    for (const output of ['x', '\x1b[31mred', '\x1b]0;title\x07no return']) {
      for (const length of [1, Infinity]) {
        const words = track('marks', `${prompt}${mark('start')}${before}${output}${mark('end;0;/')}`, length)
        expect(words.filter((word) => word.startsWith('output '))).toEqual([`output ${output}`])
      }
    }
  })
})

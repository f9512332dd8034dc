import {describe, expect, test} from 'vitest'

import {createRunTracker, type RunEvent} from '../../src/index.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const marker = (fields: string) => `\x1b]7133;${NONCE};${fields}\x07`

function track(editor: 'none' | 'markers', bytes: string, chunkLength: number): string[] {
  const tracker = createRunTracker(NONCE, {editor})
  const all = Buffer.from(bytes, 'latin1')
  const lines: string[] = []
  const add = (event: RunEvent): void => {
    const line = event.kind === 'output' ? `output ${Buffer.from(event.data).toString('latin1')}` : event.kind
    const isMore = event.kind === 'output' && lines.at(-1)?.startsWith('output ')
    if (isMore) lines[lines.length - 1] += line.slice('output '.length)
    else lines.push(event.kind === 'ready' ? `ready for ${event.prompt}` : line)
  }
  for (let at = 0; at < all.length; at += chunkLength) tracker.feed(all.subarray(at, at + chunkLength)).forEach(add)
  tracker.flush().forEach(add)
  return lines
}

describe('a shell without a line editor', () => {
  const prompt = `${marker('prompt;0;/')}two\r\nlines $ ${marker('drawn')}`

  test('gives the same events however its bytes are cut', () => {
    const session = [
      'Welcome!\r\n',
      prompt,
      `start; echo hi\r\n${marker('start')}hi\r\n${prompt}`,
      `cat <<E\r\n${marker('more')}> ${marker('drawn')}E\r\n${marker('start')}${prompt}`,
      `echo )\r\nsh: syntax error\r\n${prompt}`,
    ].join('')
    for (const length of [1, 3, 7, 41, Infinity]) {
      expect(track('none', session, length)).toEqual([
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

describe('a shell whose markers show everything', () => {
  const prompt = `${marker('prompt;0;/')}> `

  test('gives the same events however its bytes are cut, without the title set before a command', () => {
    const title = '\x1b]0;echo hi ~\x07\x1b[30m\x1b(B\x1b[m\r'
    const session = [
      prompt,
      `echo hi\r\n${marker('start')}${title}\x1b]0;of the program\x07\x1b[31mhi\r\n${marker('end;0;/')}⏎ ${prompt}`,
      `true\r\n${marker('start')}${title}${marker('end;0;/')}${prompt}`,
      `${marker('incomplete')}\r\n${prompt}`,
      `${marker('invalid')}fish: Unexpected\r\n${marker('end;127;/')}${prompt}`,
    ].join('')
    for (const length of [1, 3, 7, 41, Infinity]) {
      expect(track('markers', session, length)).toEqual([
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

  test.each(['', '\x1b[?2004l'])('takes everything for output where no title is set, after %j', (before) => {
    for (const output of ['x', '\x1b[31mred', '\x1b]0;title\x07no return']) {
      for (const length of [1, Infinity]) {
        const lines = track('markers', `${prompt}${marker('start')}${before}${output}${marker('end;0;/')}`, length)
        expect(lines.filter((line) => line.startsWith('output '))).toEqual([`output ${output}`])
      }
    }
  })
})

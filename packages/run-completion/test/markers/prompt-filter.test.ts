import {describe, expect, test} from 'vitest'

import {createPromptFilter, type PromptFilter} from '../../src/markers/prompt-filter.ts'

const text = (parts: readonly Uint8Array[]): string[] => parts.map((part) => Buffer.from(part).toString())
const take = (filter: PromptFilter, bytes: string): string[] => text(filter.take(Buffer.from(bytes)))

/** A filter that knows `$ ` as the prompt, which the shell has drawn. */
function atPrompt(redraw?: RegExp, mayHaveJobs = () => false): PromptFilter {
  const filter = createPromptFilter({redraw, mayHaveJobs})
  for (let count = 0; count < 2; count++) {
    filter.begin()
    take(filter, '$ ')
    filter.noteDrawn()
  }
  return filter
}

/** The background output found in these bytes, printed while the next prompt is drawn. */
function whileDrawing(filter: PromptFilter, bytes: string): string[] {
  filter.begin()
  expect(take(filter, bytes)).toEqual([])
  return text(filter.noteDrawn())
}

describe('createPromptFilter', () => {
  test('returns at once output printed after the prompt', () => {
    const filter = atPrompt()
    expect(filter.state).toBe('drawn')
    expect(take(filter, 'late\r\n')).toEqual(['late\r\n'])
  })

  test('returns whole lines before, and all text after, a prompt equal to the previous one', () => {
    const filter = atPrompt()
    expect(whileDrawing(filter, 'one\r\n$ two')).toEqual(['one\r\n', 'two'])
    expect(whileDrawing(filter, '$ ')).toEqual([])
  })

  test('takes text before the prompt on the same line for a part of the prompt', () => {
    expect(whileDrawing(atPrompt(), '(venv) $ ')).toEqual([])
  })

  test('returns nothing for a new prompt, and knows it from then on', () => {
    const filter = atPrompt()
    expect(whileDrawing(filter, 'one\r\n> ')).toEqual([])
    expect(whileDrawing(filter, 'one\r\n> ')).toEqual([])
    expect(whileDrawing(filter, 'two\r\none\r\n> ')).toEqual(['two\r\n'])
  })

  test('returns output longer than any prompt, and the output after it', () => {
    const filter = atPrompt()
    filter.noteTyping('x')
    filter.begin()
    const flood = 'x'.repeat(65_000)
    expect(take(filter, flood)).toEqual([])
    expect(take(filter, 'y'.repeat(1000))).toEqual([flood + 'y'.repeat(1000)])
    expect(take(filter, 'z')).toEqual(['z'])
  })

  test('a first command that begins like the end of a word of the prompt cuts no prompt with one on the right', () => {
    const filter = createPromptFilter({redraw: undefined, mayHaveJobs: () => false})
    const prompt = 'a of zsh\r\n$ \x1b[K\x1b[50Con the right\x1b[62D\x1b[?1h\x1b='
    filter.noteTyping('sh -c true')
    take(filter, `${prompt}sh -c true\x1b[10D\x1b[?1l\x1b>\r\r\n`)
    expect(text(filter.noteStart())).toEqual([])
    expect(filter.prompt).toBe(prompt)
  })

  test.for([
    ['echo one', 'a word of it', '\x1b[31m/t/project\x1b(B\x1b[m# '],
    ['echo one', 'a word in it', 'my echo-server> '],
    ['cd', 'its last word', 'on abcd '],
  ] as const)(
    'a first command, `%s`, that begins like the end of %s does not cut the prompt of fish',
    ([line, , drawn]) => {
      const prompt = `\x1b]0;~\x07\x1b[30m\x1b(B\x1b[m\r${drawn}\x1b[K\r\x1b[11C`
      const highlighted = `\r\x1b[19C\x1b[${line.length}D\x1b[34m${line}\r\x1b[19C\x1b[30m\x1b(B\x1b[m`
      for (const echo of [line, `${line}${highlighted}`, `${line}${highlighted}${highlighted}`]) {
        const filter = createPromptFilter({redraw: undefined, mayHaveJobs: () => true})
        filter.noteTyping(line)
        take(filter, `${prompt}${echo}\r\n\x1b[30m\x1b(B\x1b[m\x1b[?2004l`)
        expect(text(filter.noteStart())).toEqual([])
        expect(filter.prompt).toBe(prompt)
      }
    },
  )

  test('separates a prompt with a known end from everything after it', () => {
    const filter = createPromptFilter({redraw: undefined, mayHaveJobs: () => false})
    take(filter, '# ')
    filter.noteEnd()
    take(filter, 'late\r\n')
    expect(text(filter.noteDrawn())).toEqual(['late\r\n'])
    filter.noteRedraw()
    expect(filter.state).toBe('drawn')
  })

  test('removes a prompt that the shell redraws on its own, and returns the output before it', () => {
    const filter = atPrompt(/<draw>/)
    expect(take(filter, 'late\r\n<draw>$ ')).toEqual(['late\r\n'])
    expect(filter.state).toBe('drawing')
    expect(take(filter, '<more>')).toEqual([])
    expect(filter.noteDrawn()).toEqual([])
    expect(take(filter, 'later')).toEqual(['later'])
    // It is no new prompt.
    expect(whileDrawing(filter, 'one\r\n$ ')).toEqual(['one\r\n'])
  })

  test('removes a prompt that the shell redraws before the first drawing was noted', () => {
    const filter = atPrompt(/<draw>/)
    expect(whileDrawing(filter, 'one\r\n$ two<draw>$ ')).toEqual(['one\r\n', 'two'])
    expect(whileDrawing(filter, '$ <draw>$ ')).toEqual([])
    expect(whileDrawing(filter, '$ three')).toEqual(['three'])
  })

  test('recognises the beginning of a redraw that was cut', () => {
    const filter = atPrompt(/<draw>/)
    expect(take(filter, 'late\r\n<dr')).toEqual(['late\r\n<dr'])
    expect(take(filter, 'aw>$ ')).toEqual([])
  })

  test('an empty prompt is none, and many redraws end', () => {
    const filter = createPromptFilter({redraw: /<draw>/, mayHaveJobs: () => false})
    for (let count = 0; count < 2; count++) {
      filter.begin()
      filter.noteTyping('true')
      take(filter, '<draw>true\r\n')
      filter.noteStart()
    }
    expect(whileDrawing(filter, '$ ')).toEqual([])
    expect(whileDrawing(filter, `$ ${'<draw>$ '.repeat(7000)}`)).toEqual([])
  })

  test('removes the echo of typed lines, and returns what is printed among prompt and echo when they run', () => {
    const filter = atPrompt(undefined, () => true)
    filter.begin()
    expect(take(filter, '<1>$ <2>')).toEqual([])
    filter.noteTyping('echo hello')
    expect(take(filter, 'echo <3>hello\r\n<4>')).toEqual([])
    expect(text(filter.noteStart())).toEqual(['<1>', '<2><3>', '<4>'])
    expect(text(filter.begin())).toEqual([])
  })

  test('removes the keys that a terminal in line mode displays before the echo', () => {
    const filter = atPrompt(undefined, () => true)
    filter.begin()
    take(filter, '$ <1>')
    filter.noteTyping('echo $&', '^[[7133~echo $&^[[7137~')
    take(filter, '^[[7133~echo $&^[[7137~<2>echo $&\r\n')
    expect(text(filter.noteStart())).toEqual(['<1><2>'])
  })

  test('where no job exists, everything but the prompt is decoration, and shows a new prompt', () => {
    const filter = atPrompt()
    filter.begin()
    take(filter, '\x1b[1mnew> \x1b[0m')
    filter.noteTyping('echo hi')
    take(filter, 'echo hi\r\ntitle')
    expect(text(filter.noteStart())).toEqual([])
    expect(whileDrawing(filter, 'one\r\n\x1b[1mnew> \x1b[0mtwo')).toEqual(['one\r\n', 'two'])
  })

  test('where a job exists, an unknown prompt is returned until it was seen twice', () => {
    const filter = atPrompt(undefined, () => true)
    expect(whileDrawing(filter, '<1>other> ')).toEqual(['<1>other> '])
    expect(whileDrawing(filter, 'other> ')).toEqual(['other> '])
    expect(whileDrawing(filter, 'other> ')).toEqual([])
    expect(whileDrawing(filter, 'oth<2>er> <3>')).toEqual(['oth<2>er> <3>'])
  })

  test('a prompt that differs only in the middle is a prompt, also where a job exists', () => {
    const filter = createPromptFilter({redraw: undefined, mayHaveJobs: () => true})
    expect(whileDrawing(filter, 'ada@host:~$ ')).toEqual([])
    expect(whileDrawing(filter, 'ada@host:/tmp$ ')).toEqual([])
    expect(whileDrawing(filter, 'ada@host:/t<1>mp$ ')).toEqual(['<1>'])
  })

  test('in another folder, text inside of the prompt is a part of it, also where a job exists', () => {
    const filter = createPromptFilter({redraw: undefined, mayHaveJobs: () => true})
    filter.notePlace('/home/ada')
    expect(whileDrawing(filter, 'ada@host:~$ ')).toEqual([])
    filter.notePlace('/home/ada/repo')
    expect(whileDrawing(filter, 'one\r\nada@host:~/repo$ two')).toEqual(['one\r\n', 'two'])
    expect(whileDrawing(filter, 'ada@host:~/repo$ ')).toEqual([])
    expect(whileDrawing(filter, 'ada@host:~/re<1>po$ ')).toEqual(['<1>'])
    filter.notePlace('/home/ada/other')
    expect(whileDrawing(filter, 'ada@host:~/repo<2>\r\n$ ')).toEqual(['<2>\r\n'])
  })
})

describe('a prompt that the shell reports', () => {
  const shown = (command: string, continuation = '> ', right = '') => ({command, continuation, right})
  const withJob = (promptBegins?: string) =>
    createPromptFilter({redraw: /<draw>/, promptBegins, mayHaveJobs: () => true})

  test('is removed at its first sight, in pieces too', () => {
    const filter = withJob()
    for (const [status, mixed] of [
      ['0', '<1>\x1b[1mada [0]\x1b[m\r\n$ <2>'],
      ['1', '<1>\x1b[1mada [1]\x1b[m<2>\r\n$ '],
      ['2', '<1>\x1b[1mada [2]\x1b[m\r\n<2>$ '],
    ] as const) {
      filter.begin()
      take(filter, mixed.slice(0, 3))
      filter.noteShown(shown(`\x01\x1b[1m\x02ada [${status}]\x01\x1b[m\x02\n$ `))
      take(filter, mixed.slice(3))
      expect(text(filter.noteDrawn()).join('')).toBe('<1><2>')
    }
  })

  test('is the text behind the opening of the line editor, not the same text of a job before', () => {
    const filter = withJob()
    filter.begin()
    filter.noteShown(shown('> '))
    take(filter, '> <1>')
    filter.noteEditor(false)
    take(filter, '> <2>')
    expect(text(filter.noteDrawn())).toEqual(['> <1>', '<2>'])
  })

  test('is found behind a flood', () => {
    const filter = withJob()
    filter.noteTyping('x')
    filter.begin()
    take(filter, 'x'.repeat(65_000))
    expect(take(filter, 'y'.repeat(1000))).toHaveLength(1)
    filter.noteShown(shown('[1] $ '))
    const flood = 'z'.repeat(65_536)
    expect(take(filter, flood)).toEqual([flood.slice(6)])
    expect(take(filter, '[1] $ <1>')).toEqual([])
    expect(text(filter.noteDrawn())).toEqual(['zzzzzz', '<1>'])
  })

  test('is not searched where no job exists', () => {
    const filter = createPromptFilter({redraw: undefined, mayHaveJobs: () => false})
    filter.begin()
    filter.noteShown(shown('$ '))
    expect(whileDrawing(filter, 'noise $ ')).toEqual([])
  })

  test('is removed with what zsh draws after it, and so are the prompts between the lines of a command', () => {
    const filter = withJob('<draw>')
    filter.begin()
    filter.noteShown(shown('[0] % ', '\x1a> ', '0'))
    take(filter, '<1><draw>[0] % <2>\x1b[K\x1b[70C0\x1b[8D<3>\x1b[?1h\x1b=')
    filter.noteTyping('for x in 1 2')
    take(filter, 'for x in 1 2\r\n<draw>for> <4>\x1b[K<5>')
    filter.noteTyping('do :; done')
    take(filter, 'do :; done\r\n<6>')
    expect(text(filter.noteStart()).join('')).toBe('<1><2><3><4><5><6>')
  })

  test('is removed between the lines of a command, as bash draws it', () => {
    const filter = withJob()
    filter.begin()
    filter.noteShown(shown('$ ', 'more> '))
    take(filter, '<1>$ <2>')
    filter.noteTyping('for x in 1 2')
    take(filter, 'for x in 1 2\r\n\rmore> ')
    filter.noteTyping('do :; done')
    take(filter, '<3>do :; done\r\n<4>')
    expect(text(filter.noteStart()).join('')).toBe('<1><2><3><4>')
  })

  test('is removed between the lines where it is shorter than a piece, and a job prints on both sides of it', () => {
    const filter = withJob()
    filter.begin()
    filter.noteShown(shown('$ '))
    filter.noteEditor(false)
    take(filter, '$ ')
    filter.noteTyping('for x in 1 2')
    take(filter, 'for x in 1 2\r\n\r<1>')
    filter.noteEditor(true)
    take(filter, '> <2>')
    filter.noteTyping('do :; done')
    take(filter, 'do :; done\r\n<3>')
    expect(text(filter.noteStart()).join('')).toBe('<1><2><3>')
  })
})

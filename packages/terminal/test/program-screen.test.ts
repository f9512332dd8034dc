import xterm from '@xterm/headless'
import {describe, expect, test} from 'vitest'

import {createProgramScreen, type PaintOptions} from '../src/screen/program-screen.ts'

const size = {cols: 40, rows: 6}

function open() {
  const behind: boolean[] = []
  const screen = createProgramScreen({size, onBehind: (isBehind) => behind.push(isBehind)})
  const paint = async (options?: PaintOptions) => {
    await screen.load()
    return await screen.paint(options)
  }
  return {screen, behind, paint, print: (text: string) => screen.write(Buffer.from(text))}
}

/** What a fresh terminal shows that gets this. */
async function shown(...texts: string[]): Promise<{rows: string[]; cursor: [number, number]; type: string}> {
  const terminal = new xterm.Terminal({...size, allowProposedApi: true})
  for (const text of texts) await new Promise<void>((resolve) => terminal.write(text, resolve))
  const {active} = terminal.buffer
  const rows = Array.from(
    {length: size.rows},
    (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
  )
  return {rows, cursor: [active.cursorX, active.cursorY], type: active.type}
}

describe('createProgramScreen', () => {
  test('paints the screen of a terminal; later output continues from there', async () => {
    const {paint, print} = open()
    const before = 'one\r\ntwo\r\n\x1b[31mred\x1b[5;10Hhere'
    print(before)
    const painted = await paint()
    print(' and there')
    expect(await shown(painted)).toEqual(await shown(before))
    expect(await shown(painted, ' and there')).toEqual(await shown(await paint()))
  })

  test('a snapshot has as many rows above the screen as are asked for and kept; a paint has none', async () => {
    const screen = createProgramScreen({size, scrollback: 10, onBehind() {}})
    screen.write(Buffer.from(Array.from({length: 40}, (_, row) => `row ${row}`).join('\r\n')))
    await screen.load()
    const rows = async (scrollback: number) =>
      (await screen.snapshot({scrollback})).scrollback?.map(({spans}) => spans[0]?.text)
    expect(await rows(0)).toBeUndefined()
    expect(await rows(2)).toEqual(['row 32', 'row 33'])
    expect(await rows(1000)).toHaveLength(10)
    expect(await screen.paint()).not.toContain('row 33')
    expect(await screen.paint({inPlace: true})).toBe('')
    screen.write(Buffer.from('\x1b[?1049h'))
    expect(await rows(5)).toEqual([])
  })

  test('paints what the alternate screen covers where that is asked for, and modes as they are', async () => {
    const {paint, print} = open()
    const before = 'behind\r\n\x1b[?1049h\x1b[2J\x1b[3;3Hin front\x1b[?1h'
    print(before)
    const painted = await paint({covered: true})
    expect(await shown(painted)).toEqual(await shown(before))
    expect(await shown(painted, '\x1b[?1049l')).toEqual(await shown(before, '\x1b[?1049l'))
    expect(painted).toContain('\x1b[?1h')
  })

  test('a change of size comes between the output before and after it', async () => {
    const {screen, print} = open()
    await screen.load()
    print('\x1b[1;50Ha')
    screen.resize({cols: 60, rows: 2})
    print('\x1b[2;50Hb')
    const {lines, cols} = await screen.snapshot()
    expect(cols).toBe(60)
    expect(lines.map(({spans}) => spans[0]?.text.length)).toEqual([40, 50])
  })

  test('paints the alternate screen without the main one', async () => {
    const {paint, print} = open()
    print('behind\r\n\x1b[?1049h\x1b[2J\x1b[3;3Hin front')
    const painted = await paint()
    expect(painted.startsWith('\x1b[?1049h')).toBe(true)
    expect(painted).not.toContain('behind')
    expect(await shown(painted)).toEqual(await shown('\x1b[?1049h\x1b[2J\x1b[3;3Hin front'))
  })

  test('in place, returns the modes only, and the alternate screen where the program is on it', async () => {
    const {paint, print} = open()
    print('behind\r\n\x1b[31mred\x1b[?2004h\x1b[?25l')
    expect(await paint({inPlace: true})).toBe('\x1b[?2004h\x1b[?25l')
    print('\x1b[?1049hin front')
    expect(await paint({inPlace: true})).toBe(await paint())
  })

  test('keeps no more of a character than its first marks, and no addresses of links', async () => {
    const {paint, print} = open()
    await paint()
    print(`e${'\u0301'.repeat(100_000)}`)
    print(`\x1b[3;1H\x1b]8;;https://example.org/${'x'.repeat(100_000)}\x07link\x1b]8;;\x07`)
    const painted = await paint()
    expect(painted).toContain('link')
    // What does not fit into its cell goes on in the next ones.
    expect(painted.length).toBeLessThan(size.cols * size.rows * 10)
  })

  test('restores the modes that the program has set', async () => {
    const {paint, print} = open()
    print('\x1b[?1h\x1b=\x1b[?1000;1006h\x1b[?2004h\x1b[?25l\x1b[>1u\x1b[>4;2m\x1b[4 q')
    const painted = await paint()
    for (const mode of ['?1h', '?1000h', '?1006h', '?2004h', '?25l', '>1u', '>4;2m', '4 q'])
      expect(painted).toContain(`\x1b[${mode}`)
    print('\x1b[?1006l\x1b[?25h\x1b[<u')
    expect(await paint()).not.toMatch(/\?1006h|\?25l|>1u/)
  })

  test('keeps the end of a flood, and the modes set before it', async () => {
    const {screen, paint, print} = open()
    print('\x1b[?1049h\x1b[?1006h')
    for (let count = 0; count < 100; count++) print(`${'x'.repeat(10_000)}\r\n`)
    print('\x1b[H\x1b[2Jend')
    expect(screen.isCut).toBe(true)
    const painted = await paint()
    expect(painted.startsWith('\x1b[?1049h')).toBe(true)
    expect(painted).toContain('\x1b[?1006h')
    expect((await shown(painted)).rows[0]).toBe('end')
  })

  test('reports when it lags behind and when it has caught up', async () => {
    const {paint, print, behind} = open()
    await paint()
    for (let count = 0; count < 40; count++) print('y'.repeat(50_000))
    expect(behind).toEqual([true])
    await paint()
    expect(behind).toEqual([true, false])
  })

  test('starts the next program on an empty screen', async () => {
    const {screen, paint, print} = open()
    print('old')
    await paint()
    screen.clear()
    print('new')
    expect((await shown(await paint())).rows[0]).toBe('new')
  })
})

describe('a snapshot', () => {
  const take = async (...texts: string[]) => {
    const {screen, print} = open()
    texts.forEach(print)
    await screen.load()
    return await screen.snapshot()
  }

  test('has the rows with their styles, without blanks at the end', async () => {
    const {lines, ...rest} = await take('plain \u001b[1;31mred\u001b[0m 日本\r\n\u001b[48;2;1;2;3m  \u001b[0m   \r\n')
    expect(lines).toEqual([
      {
        spans: [
          {text: 'plain ', cells: 6},
          {text: 'red', cells: 3, color: 1, bold: true},
          {text: ' ', cells: 1},
          {text: '日本', cells: 4},
        ],
      },
      {spans: [{text: '  ', cells: 2, background: '#010203'}]},
      ...Array.from({length: 4}, () => ({spans: []})),
    ])
    expect(rest).toEqual({
      cols: 40,
      rows: 6,
      title: '',
      isAlternate: false,
      cursor: {row: 2, col: 0, isVisible: true},
      modes: {applicationCursor: false, bracketedPaste: false, mouse: 'none'},
    })
  })

  test('has spans in which each character takes as many cells as the others', async () => {
    expect((await take('a日本e\u0301e\u0301한\u0301👍b')).lines[0]?.spans).toEqual([
      {text: 'a', cells: 1},
      {text: '日本', cells: 4},
      {text: 'e\u0301', cells: 1},
      {text: 'e\u0301', cells: 1},
      {text: '한\u0301', cells: 2},
      {text: '👍', cells: 2},
      {text: 'b', cells: 1},
    ])
    // A row that ends with a blank of two cells.
    expect((await take(`${'日'.repeat(19)}\u3000`)).lines[0]?.spans).toEqual([{text: '日'.repeat(19), cells: 38}])
  })

  test('has title, cursor, alternate screen and modes', async () => {
    const modes = '\u001b[?1049h\u001b[?1h\u001b[?2004h\u001b[?1002h\u001b[?25l'
    expect(await take('behind', `${modes}\u001b]0;a title\u0007\u001b[3;5Hfront`)).toMatchObject({
      title: 'a title',
      isAlternate: true,
      cursor: {row: 2, col: 9, isVisible: false},
      modes: {applicationCursor: true, bracketedPaste: true, mouse: 'drag'},
    })
  })

  test('has no characters that would reorder what follows', async () => {
    expect((await take('a\u202eb')).lines[0]).toEqual({spans: [{text: 'ab', cells: 2}]})
  })

  test('tells which rows go on in the next one', async () => {
    const {lines} = await take(`${'x'.repeat(45)}\r\nend`)
    expect(lines.slice(0, 3)).toEqual([
      {spans: [{text: 'x'.repeat(40), cells: 40}], isWrapped: true},
      {spans: [{text: 'xxxxx', cells: 5}]},
      {spans: [{text: 'end', cells: 3}]},
    ])
  })
})

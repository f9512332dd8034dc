import xterm from '@xterm/headless'
import {expect, test} from 'vitest'

import {toPlainLine} from '../src/plain/to-plain-line.ts'
import {createRunOutput} from '../src/output/run-output.ts'

const size = {cols: 20, rows: 12}

function openTerminal() {
  const terminal = new xterm.Terminal({...size, scrollback: 1000, allowProposedApi: true})
  return {
    write: (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve)),
    lines() {
      const {active} = terminal.buffer
      const rows = Array.from({length: active.length}, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
      return rows.join('\n').trimEnd().split('\n')
    },
    /** The background of the first cell of each row, up to the last that has one. */
    colours() {
      const {active} = terminal.buffer
      const rows = Array.from({length: active.length}, (_, row) => active.getLine(row)?.getCell(0)?.getBgColor() ?? -1)
      return rows.slice(0, rows.findLastIndex((colour) => colour !== -1) + 1)
    },
    cursor: () => [terminal.buffer.active.cursorX, terminal.buffer.active.cursorY + terminal.buffer.active.baseY],
    terminal,
  }
}

/** A terminal that shows an output as the screen does, then hands itself over; and a bare one that gets the same bytes. */
async function handOver(before: string) {
  const bare = openTerminal()
  const own = openTerminal()
  const output = createRunOutput({size, depth: 24, convertEol: false, onChange() {}})
  output.add(before)
  await output.settled
  await bare.write(before)
  const shown = output.takeLines()
  await own.write(shown.map((line) => `${line}\r\n`).join(''))
  const {lines, tail, collapsedLines, rest} = await output.handOver()
  expect([...tail, collapsedLines]).toEqual([0])
  await own.write(lines.map((line) => `${line}\r\n`).join('') + rest)
  return {
    bare,
    own,
    output,
    async pass(text: string) {
      output.add(text)
      await Promise.all([bare.write(text), own.write(text)])
    },
  }
}

test.each(['\n\n\n\x1b[3A', '\x1b[Jone\r\n\n\n\n\x1b[4A', `${'line\r\n'.repeat(30)}\n\n\n\x1b[3A`])(
  'a program that has made room below its cursor, as fzf --height does, has it at the bottom of a full terminal: %j',
  async (before) => {
    const own = openTerminal()
    await own.write('above\r\n'.repeat(size.rows))
    const output = createRunOutput({size, depth: 24, convertEol: false, onChange() {}})
    output.add(before)
    await output.settled
    await own.write(
      output
        .takeLines()
        .map((line) => `${line}\r\n`)
        .join(''),
    )
    const {lines, rest} = await output.handOver()
    await own.write(lines.map((line) => `${line}\r\n`).join('') + rest)
    await own.write('\x1b[3Blast\x1b[3A\rfirst')
    expect(own.lines().slice(-4)).toEqual(['first', '', '', 'last'])
    expect(own.lines().filter((line) => line === 'above')).toHaveLength(size.rows)
  },
)

test.each([
  ['what it has printed fills the screen', 11],
  ['it has printed more than a screen', 40],
  ['it has printed a few lines', 4],
])(
  'a program that addresses rows, as less -X does, finds them in a terminal that also showed rows below the output: %s',
  async (_name, count) => {
    const [own, bare] = [openTerminal(), openTerminal()]
    const printed = `\x1b[?1h${Array.from({length: count}, (_, at) => `line ${at}\r\n`).join('')}:`
    for (const each of [own, bare]) await each.write('above\r\n'.repeat(size.rows))
    await bare.write(printed)
    const output = createRunOutput({size, depth: 24, convertEol: false, onChange() {}})
    output.add(printed)
    await output.settled
    const {tentative} = output.view()
    const lines = [...output.takeLines(), ...tentative].map((line) => `${line}\r\n`).join('')
    // The live region: the last rows of the output, and those of the screen.
    const live = [...output.view().rows, 'status', 'draft'].map((row) => `${row}\r\n`).join('')
    await own.write(lines + live + `\x1b[${live.split('\n').length - 1}A\x1b[J`)
    const {lines: more, rest} = await output.handOver()
    await own.write(
      more
        .slice(tentative.length)
        .map((line) => `${line}\r\n`)
        .join('') + rest,
    )
    const used = count < size.rows - 1 ? '' : `\x1b[${size.rows};1H\x1b[Kmessage\x1b[${size.rows};1H\x1b[K\r\nline`
    for (const each of [own, bare]) await each.write(`${used}end`)
    expect(own.lines()).toEqual(bare.lines())
  },
)

const many = Array.from({length: 30}, (_, at) => `line ${at}\r\n`).join('')

test.each([
  ['nothing', ''],
  ['an unfinished line', 'one\r\ntwo\r\nprompt$ '],
  ['a finished line', 'one\r\n'],
  ['an unfinished line in colour', 'one\r\n\x1b[31mred\x1b[1mbold'],
  ['a full row', `one\r\n${'x'.repeat(20)}`],
  ['a line that is wrapped', `one\r\n${'x'.repeat(50)}`],
  ['more lines than the screen has', `${many}prompt$ `],
  ['a menu below the cursor', 'one\r\n> \r\n  a\r\n  b\r\n  c\x1b[3A\r\x1b[2C'],
  ['a menu above the cursor', `${many}a\r\nb\r\n> q`],
  ['a display that goes back over its rows', `${many}a\r\nb\r\nc\x1b[2A\rA\x1b[2B`],
])(
  'after %s, a terminal that is handed over shows what a bare one does, and the program goes on',
  async (_name, before) => {
    const {bare, own, pass, output} = await handOver(before)
    expect(own.lines()).toEqual(bare.lines())
    expect(own.cursor()).toEqual(bare.cursor())
    await pass(`typed\x1b[m\r\nmore\r\n\x1b[1A\x1b[2Kother\r\n${'y'.repeat(30)}\r\nprompt$ `)
    expect(own.lines()).toEqual(bare.lines())
    // Its rows that may still change are rows of the view again; all others are written.
    await own.write(await output.takeBack({isOver: false}))
    const view = output.view()
    expect(output.takeLines()).toEqual([])
    expect([...own.lines(), ...view.tentative, ...view.rows.map(toPlainLine)].filter(Boolean)).toEqual(
      bare.lines().filter(Boolean),
    )
    output.add('end\r\nlast')
    await bare.write('end\r\nlast')
    const {lines, tail} = await output.end()
    await own.write([...lines, ...tail].map((line) => `${line}\r\n`).join(''))
    expect(own.lines()).toEqual(bare.lines())
  },
)

test('what the program prints while it has the terminal is not collapsed, and no line of the output after it', async () => {
  const {own, bare, pass, output} = await handOver('before\r\n')
  await pass(many.repeat(60))
  await own.write(await output.takeBack({isOver: false}))
  output.add('after\r\n')
  await bare.write('after\r\n')
  const {lines, collapsedLines, tail} = await output.end()
  expect([lines, collapsedLines, tail]).toEqual([['after'], 0, []])
})

test('a collapsed output is counted up to the moment at which the terminal is handed over', async () => {
  const output = createRunOutput({size, depth: 24, convertEol: false, onChange() {}, collapse: {headLines: 5}})
  output.add(`${many}prompt$ `)
  const {lines, collapsedLines, tail, rest} = await output.handOver()
  expect(lines).toHaveLength(5)
  expect(collapsedLines).toBeGreaterThan(0)
  const own = openTerminal()
  await own.write(rest)
  expect(lines.length + collapsedLines + tail.length + own.lines().length - 1).toBe(30)
  expect(own.lines().at(-1)).toBe('prompt$')
})

test('a program that is on the alternate screen goes on where it has left the normal one', async () => {
  const {own, bare, pass, output} = await handOver('one\r\ntwo \x1b[?1049h')
  // The log has no frames, and `rest` is of the normal screen: the host paints the other one.
  await own.write('\x1b[?1049hframe')
  await own.write('\x1b[?1049l')
  await bare.write('\x1b[?1049l')
  output.add('\x1b[?1049l')
  await pass('three\r\n')
  expect(own.lines()).toEqual(bare.lines())
  output.add('\x1b[?1049h')
  expect(await output.takeBack({isOver: false})).toBe('\r\x1b[J')
  expect(output.view()).toMatchObject({isFullScreen: true, rows: []})
})

test.each([
  ['a line', 'pre\r\n'],
  ['several lines', 'one\r\ntwo\r\nthree\r\n'],
  ['lines and empty ones', 'one\r\n\r\ntwo\r\n\r\n\r\n'],
  ['more lines than the screen has', many],
  ['nothing but a moved cursor', 'one\r\n\x1b[3C'],
  ['rows that have only a colour', 'one\r\n\x1b[41m\x1b[K\r\n\x1b[K\r\n\x1b[K'],
  ['an attribute that goes on', 'one\r\n\x1b[41m\r\n'],
  ['a full row', `${'x'.repeat(20)}\r\n`],
])('%s right before the alternate screen stays', async (_name, before) => {
  const {own, bare, pass, output} = await handOver(`${before}\x1b[?1049h`)
  await own.write('\x1b[?1049hframe')
  await pass('\x1b[?1049lpost\r\n')
  expect(own.lines()).toEqual(bare.lines())
  expect(own.cursor()).toEqual(bare.cursor())
  expect(own.colours()).toEqual(bare.colours())
  await own.write(await output.takeBack({isOver: true}))
  const {lines, tail} = await output.end()
  await own.write([...lines, ...tail].map((line) => `${line}\r\n`).join(''))
  expect(own.lines()).toEqual(bare.lines())
})

import xterm from '@xterm/headless'
import {array, assert, constantFrom, nat, property, tuple} from 'fast-check'
import {expect, test} from 'vitest'

import {createNormalScreen} from '../src/modes/normal-screen.ts'

/** The output that `createNormalScreen` returns for these pieces, joined. */
function read(...pieces: readonly string[]): string {
  const screen = createNormalScreen()
  return pieces.map((piece) => Buffer.from(screen.read(Buffer.from(piece, 'latin1'))).toString('latin1')).join('')
}

test.each([
  ['output without a switch stays as it is', 'a\x1b[31mb\x1b]0;t\x07c\x1b[?25l', 'a\x1b[31mb\x1b]0;t\x07c\x1b[?25l'],
  ['what is drawn on the alternate screen is left out', 'a\x1b[?1049hframe\x1b[?1049lb', 'a\x1b[?1049h\x1b[?1049lb'],
  [
    'also with the older modes',
    'a\x1b[?47hframe\x1b[?47lb\x1b[?1047hc\x1b[?1047l',
    'a\x1b[?47h\x1b[?47lb\x1b[?1047h\x1b[?1047l',
  ],
  ['also among other modes', '\x1b[?1006;1049hframe\x1b[?1049;1006lb', '\x1b[?1006;1049h\x1b[?1049;1006lb'],
  [
    'a second switch to the same screen is drawn there',
    '\x1b[?1049ha\x1b[?1049hb\x1b[?1049lc',
    '\x1b[?1049h\x1b[?1049lc',
  ],
  ['a full reset leaves the alternate screen', '\x1b[?1049hframe\x1bcb', '\x1b[?1049h\x1bcb'],
  ['a program that never leaves it', 'a\x1b[?1049hframe', 'a\x1b[?1049h'],
  ['a switch in a title is text of the title', '\x1b]0;[?1049h\x07shown', '\x1b]0;[?1049h\x07shown'],
  ['a sequence cancels a title', '\x1b]0;t\x1b[?1049hframe\x1b[?1049l', '\x1b]0;t\x1b[?1049h\x1b[?1049l'],
  ['a cancelled sequence switches nothing', '\x1b[?1049\x18hshown', '\x1b[?1049\x18hshown'],
  ['a control character acts inside of a sequence', '\x1b[?10\r49hframe\x1b[?1049l', '\x1b[?10\r49h\x1b[?1049l'],
  [
    'another sequence with the same number',
    '\x1b[1049h\x1b[?1049$p\x1b[>1049hshown',
    '\x1b[1049h\x1b[?1049$p\x1b[>1049hshown',
  ],
  ['a character set, and a reset of modes', '\x1b[?1049h\x1b(0\x1b[!p\x1b#8frame\x1b[?1049l', '\x1b[?1049h\x1b[?1049l'],
])('%s, split anywhere', (_name, output, kept) => {
  expect(read(output)).toBe(kept)
  expect(read(...output.split(''))).toBe(kept)
  for (let at = 1; at < output.length; at++) expect(read(output.slice(0, at), output.slice(at))).toBe(kept)
})

test('a terminal shows the same lines, whatever a program draws and however its output is split', async () => {
  // Without `?47l`: what is drawn before it moves the cursor of both screens.
  const parts = ['\x1b[?1049h', '\x1b[?1049l', '\x1b[?7;47h', '\x1bc', '\x1b[', '?1049', 'h', '\x1b', 'x', 'line\r\n']
  // A fixed sequence: Park and Miller.
  let seed = 7
  const next = (below: number) => (seed = (seed * 48_271) % 0x7fff_ffff) % below
  for (let round = 0; round < 200; round++) {
    const output = Array.from({length: 40}, () => parts[next(parts.length)]).join('') + '\x1b\\\x1b[?1049l'
    const screen = createNormalScreen()
    let kept = ''
    for (let at = 0, length = 0; at < output.length; at += length) {
      length = 1 + next(9)
      kept += Buffer.from(screen.read(Buffer.from(output.slice(at, at + length)))).toString()
    }
    expect(await shown(kept)).toEqual(await shown(output))
  }
})

test('the parts of both screens are the whole output in its order, however it is split', () => {
  const switches = ['\x1b[?1049h', '\x1b[?1049l', '\x1b[?1;47h', '\x1bc']
  const others = ['\x1b', '\x1b[', '\x1b(', '?1049', 'l', 'c', '\r', '\x18', 'ü', '0'.repeat(70)]
  const splitOutput = tuple(
    array(constantFrom(...switches, ...others), {maxLength: 60}).map((pieces) => Buffer.from(pieces.join(''))),
    array(nat({max: 100}), {maxLength: 20}),
  )
  assert(
    property(splitOutput, ([output, lengths]) => {
      const screen = createNormalScreen()
      const parts = chunksOf(output, lengths).flatMap((chunk) => screen.split(chunk))
      const rest = screen.rest()
      if (rest.length > 0) parts.push({isAlternate: true, data: rest})
      expect(Buffer.concat(parts.map(({data}) => data))).toEqual(output)
      const normal = parts.filter(({isAlternate}) => !isAlternate).map(({data}) => data)
      expect(Buffer.concat(normal)).toEqual(Buffer.from(createNormalScreen().read(output)))
    }),
    {numRuns: 2000},
  )
})

function chunksOf(output: Buffer, lengths: readonly number[]): Buffer[] {
  let at = 0
  const chunks = lengths.map((length) => output.subarray(at, (at += length)))
  return [...chunks, output.subarray(at)]
}

/** The rows of the normal screen after an output. */
async function shown(output: string): Promise<string[]> {
  const terminal = new xterm.Terminal({cols: 80, rows: 60, allowProposedApi: true})
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const {normal} = terminal.buffer
  return Array.from({length: normal.length}, (_, row) => normal.getLine(row)?.translateToString(true) ?? '')
}

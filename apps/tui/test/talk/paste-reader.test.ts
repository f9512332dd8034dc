import {expect, test} from 'vitest'

import {createPasteReader, maxPasteBytes} from '../../src/talk/paste-reader.ts'

/** What comes of the text in these pieces. */
function read(...pieces: Buffer[]): string[] {
  const events: string[] = []
  let keys = ''
  const note = (event: string) => {
    if (keys !== '') events.push(`keys ${keys}`)
    keys = ''
    if (event !== '') events.push(event)
  }
  const reader = createPasteReader({
    onKeys: (part) => (keys += Buffer.from(part).toString('latin1')),
    onPaste: (pasted) => note(`paste ${pasted}`),
    onTooLong: () => note('too long'),
  })
  pieces.forEach(reader.take)
  note('')
  return events
}

test('the reader distinguishes pastes from keys, wherever the bytes are cut', () => {
  const bytes = Buffer.from('a\u001b[A_\u001b[200~é\rb\u001b[201\u001b[201~c\u001b[200~\u001b[201~\u001b[2~\u001b')
  for (let at = 0; at < bytes.length; at++) {
    // Esc alone is a key.
    if (
      bytes
        .subarray(at - 1)
        .toString()
        .startsWith('\u001b[200~')
    )
      continue
    const events = ['keys a\u001b[A_', 'paste é\rb\u001b[201', 'keys c', 'paste ', 'keys \u001b[2~\u001b']
    expect(read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(events)
  }
})

test('Ctrl-C drops a paste without an end, and is a key', () => {
  const [begun, ctrlC] = [Buffer.from('\u001b[200~one\r'), Buffer.from('\u0003')]
  expect(read(begun, Buffer.from('two\u001b'), ctrlC, Buffer.from('ls'))).toEqual(['keys \u0003ls'])
})

test('a paste that is too long is dropped, and what follows is not', () => {
  const paste = (text: string) => Buffer.from(`\u001b[200~${text}\u001b[201~`)
  const [long, short] = [paste('x'.repeat(maxPasteBytes + 1)), paste('y')]
  expect(read(long.subarray(0, 9), long.subarray(9), short, Buffer.from('z'))).toEqual([
    'too long',
    'paste y',
    'keys z',
  ])
})

import {createTerminalKeys} from '@holdfast/ink-composer'

import {watchSuspension} from '../suspension.ts'

/** The whole terminal of this process, drawn by rows on the alternate screen. */
export interface RowTerminal {
  /** Draws what has changed since the last time. */
  draw(rows: readonly string[]): void
  /** Gives the terminal back while `work` runs, then draws all. */
  lend(work: () => Promise<unknown>): Promise<void>
  /** Ctrl-Z. */
  suspend(): void
  /** Restores the terminal. Idempotent. */
  close(): void
}

/** Without automatic margins: a row that is too wide must not scroll the others. */
const [take, giveBack] = ['\u001b[?1049h\u001b[?25l\u001b[?7l', '\u001b[?7h\u001b[?25h\u001b[?1049l']
const [beginUpdate, endUpdate] = ['\u001b[?2026h', '\u001b[?2026l']
/** One key press: a sequence, or a character. */
const keyPress = new RegExp(String.raw`${'\u001b'}(?:\[[\d;?]*[@-~]|O.)|[^]`, 'gu')
/** No key of the board is longer. */
const maxPasteLength = 1

/** Takes the terminal. `onKey` gets each key as the terminal sends it; `onResize` is to draw. */
export function takeTerminal({onKey, onResize}: {onKey: (key: string) => void; onResize: () => void}): RowTerminal {
  const {stdout} = process
  const {stdin} = createTerminalKeys(process.stdin, maxPasteLength)
  let drawn: readonly string[] = []
  let isTaken = false
  let isLent = false

  const begin = () => {
    isTaken = true
    stdout.write(take)
    stdin.setRawMode(true)
    drawn = []
  }
  const end = () => {
    if (!isTaken) return
    isTaken = false
    stdout.write(giveBack)
    stdin.setRawMode(false)
  }
  const lend: RowTerminal['lend'] = async (work) => {
    if (isLent) return
    isLent = true
    end()
    try {
      await work()
    } finally {
      isLent = false
      begin()
      onResize()
    }
  }
  const resized = () => {
    drawn = []
    if (!isLent) onResize()
  }
  stdin.on('data', (text) => {
    for (const [key] of String(text).matchAll(keyPress)) onKey(key)
  })
  stdout.on('resize', resized)
  const suspension = watchSuspension(lend, () => void lend(async () => undefined))
  begin()
  return {
    lend,
    draw(rows) {
      if (!isTaken) return
      const isWhole = drawn.length !== rows.length
      const changed = rows.flatMap((row, index) =>
        // Erased first: behind a row that is full, the cursor may stand on its last character.
        !isWhole && row === drawn[index] ? [] : [`\u001b[${index + 1};1H\u001b[K${row}\u001b[0m`],
      )
      drawn = rows
      if (changed.length === 0) return
      stdout.write(`${beginUpdate}${isWhole ? '\u001b[2J' : ''}${changed.join('')}${endUpdate}`)
    },
    suspend: () => void suspension.suspend(() => undefined),
    close() {
      suspension.close()
      stdout.off('resize', resized)
      end()
    },
  }
}

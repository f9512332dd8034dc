/* oxlint-disable no-control-regex -- control sequences are what this file is about */

/** Tracks the changes that a program makes to a terminal, and writes the sequences that restore it. */
export interface RestoreSequences {
  /** Takes the bytes that the terminal gets, in order; a sequence may be split between two calls. */
  track(data: Uint8Array): void
  /**
   * The sequences that undo all changes so far; tracking starts anew. The cursor stays, or is where it was before the alternate
   * screen.
   */
  restore(): string
}

const sequence =
  /\x1b(?:\[\?([\d;]{1,40})([hl])|\[([<>=])([\d;]{0,20})u|\[>4(?:;(\d))?m|\[(\d*) q|\[(\d*(?:;\d*)?)r|\[4([hl])|\]9;4;(\d)|([=>c]))/g
const unfinished = /\x1b(?:\[[?<>=]?[\d;]{0,40} ?|\](?:9(?:;(?:4;?)?)?)?)?$/
/** Private modes that are on when a terminal starts: autowrap, visible cursor. */
const onAtStart: ReadonlySet<string> = new Set(['7', '25'])
/** The modes that switch to the alternate screen. */
const screens: ReadonlySet<string> = new Set(['47', '1047', '1049'])

/**
 * Starts with a terminal in its initial state. The sequences are written in this order: keyboard protocols, of which each
 * screen has its own stack; modes; the return to the main screen, which may bring back old attributes; the attributes.
 */
export function trackRestoreSequences(): RestoreSequences {
  const modes = new Set<string>()
  let screen: string | undefined
  let keyboards = 0
  let hasMargins = false
  let others: Map<string, string> = new Map()
  let rest = ''

  const clear = () => {
    modes.clear()
    screen = undefined
    keyboards = 0
    hasMargins = false
    others = new Map()
  }
  const change = (name: string, isChanged: boolean, undo: string) => {
    if (isChanged) others.set(name, undo)
    else others.delete(name)
  }
  const setMode = (mode: string, isOn: boolean) => {
    if (screens.has(mode)) screen = isOn ? mode : undefined
    else if (isOn === onAtStart.has(mode)) modes.delete(mode)
    else modes.add(mode)
  }
  const setKeyboards = (sign: string | undefined, count: string) => {
    if (sign === '>') keyboards += 1
    if (sign === '<') keyboards = Math.max(0, keyboards - (Number(count) || 1))
    if (sign === '=') change('keyboard', true, '\x1b[=0;1u')
  }

  return {
    track(data) {
      const text = rest + Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
      rest = unfinished.exec(text.slice(-48))?.[0] ?? ''
      if (!text.includes('\x1b')) return
      for (const found of text.matchAll(sequence)) {
        const [, numbers, final, sign, count = '', otherKeys, style, margins, insert, progress, escape] = found
        if (numbers !== undefined) for (const mode of numbers.split(';')) setMode(mode, final === 'h')
        else if (sign !== undefined) setKeyboards(sign, count)
        else if (found[0].endsWith('m')) change('keys', Number(otherKeys ?? 0) !== 0, '\x1b[>4;0m')
        else if (style !== undefined) change('cursor', Number(style) !== 0, '\x1b[0 q')
        else if (margins !== undefined) hasMargins = margins !== ''
        else if (insert !== undefined) change('insert', insert === 'h', '\x1b[4l')
        else if (progress !== undefined) change('progress', progress !== '0', '\x1b]9;4;0;0\x07')
        else if (escape === 'c') clear()
        else change('keypad', escape === '=', '\x1b>')
      }
    },
    restore() {
      const sequences = [
        ...(keyboards > 0 ? [`\x1b[<${keyboards}u`] : []),
        ...others.values(),
        ...(hasMargins ? [keepingCursor('\x1b[r', screen)] : []),
        ...[...modes].map((mode) => `\x1b[?${mode}${onAtStart.has(mode) ? 'h' : 'l'}`),
        ...(screen === undefined ? [] : [`\x1b[?${screen}l`]),
        // The ASCII character set in the place of line drawing.
        '\x1b[m\x1b(B\x0f',
      ]
      clear()
      rest = ''
      return sequences.join('')
    },
  }
}

/**
 * A sequence that moves the cursor. Not so where mode 1049 puts the cursor back: terminals with one place for a saved cursor, such as
 * tmux, would put it where it was on the alternate screen.
 */
function keepingCursor(moving: string, screen: string | undefined): string {
  return screen === '1049' ? moving : `\x1b7${moving}\x1b8`
}

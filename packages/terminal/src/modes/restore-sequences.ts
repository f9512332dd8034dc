/* oxlint-disable no-control-regex -- control sequences are what this file is about */

/** What a program has changed in a terminal, and what gives it back. */
export interface RestoreSequences {
  /** What the terminal gets, in order; cut at any place. */
  note(data: Uint8Array): void
  /** What gives the terminal back. From then on nothing is owed. */
  restore(): string
}

const sequence =
  /\x1b(?:\[\?([\d;]{1,40})([hl])|\[([<>=])([\d;]{0,20})u|\[>4(?:;(\d))?m|\[(\d*) q|\[(\d+(?:;\d+)?)r|\[4([hl])|([=>c]))/g
const unfinished = /\x1b(?:\[[?<>=]?[\d;]{0,40} ?)?$/
/** Private modes that are on in a terminal at its start: wrapping at the edge, a visible cursor. */
const onAtStart: ReadonlySet<string> = new Set(['7', '25'])
/** The other screen, by all its names. */
const screens: ReadonlySet<string> = new Set(['47', '1047', '1049'])

/**
 * Reads along what is written to a terminal. What it is owed goes in this order: keyboards, of which each screen may have
 * its own, modes, then the screen on which all began.
 */
export function trackRestoreSequences(): RestoreSequences {
  const modes = new Set<string>()
  let screen: string | undefined
  let keyboards = 0
  let others: Map<string, string> = new Map()
  let rest = ''

  const clear = () => {
    modes.clear()
    screen = undefined
    keyboards = 0
    others = new Map()
  }
  const owe = (name: string, isOwed: boolean, payment: string) => {
    if (isOwed) others.set(name, payment)
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
    if (sign === '=') owe('keyboard', true, '\x1b[=0;1u')
  }

  return {
    note(data) {
      const text = rest + Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
      rest = unfinished.exec(text.slice(-48))?.[0] ?? ''
      if (!text.includes('\x1b')) return
      for (const found of text.matchAll(sequence)) {
        const [, numbers, final, sign, count = '', otherKeys, style, margins, insert, escape] = found
        if (numbers !== undefined) for (const mode of numbers.split(';')) setMode(mode, final === 'h')
        else if (sign !== undefined) setKeyboards(sign, count)
        else if (found[0].endsWith('m')) owe('keys', Number(otherKeys ?? 0) !== 0, '\x1b[>4;0m')
        else if (style !== undefined) owe('cursor', Number(style) !== 0, '\x1b[0 q')
        else if (margins !== undefined) owe('margins', true, '\x1b[r')
        else if (insert !== undefined) owe('insert', insert === 'h', '\x1b[4l')
        else if (escape === 'c') clear()
        else owe('keypad', escape === '=', '\x1b>')
      }
    },
    restore() {
      const payments = [
        ...(keyboards > 0 ? [`\x1b[<${keyboards}u`] : []),
        ...others.values(),
        ...[...modes].map((mode) => `\x1b[?${mode}${onAtStart.has(mode) ? 'h' : 'l'}`),
        // Colours, and line drawing in the place of letters.
        '\x1b[m\x1b(B\x0f',
        ...(screen === undefined ? [] : [`\x1b[?${screen}l`]),
      ]
      clear()
      rest = ''
      return payments.join('')
    },
  }
}

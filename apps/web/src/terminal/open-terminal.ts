import {FitAddon} from '@xterm/addon-fit'
import {Unicode11Addon} from '@xterm/addon-unicode11'
import {WebLinksAddon} from '@xterm/addon-web-links'
import {Terminal} from '@xterm/xterm'

import {drawAtOnce} from './draw-at-once.ts'
import {readTerminalTheme} from './terminal-theme.ts'
import {openWithoutInlineStyles} from './without-inline-styles.ts'

export interface TerminalSize {
  cols: number
  rows: number
}

/** A terminal in an element of the page. */
export interface PageTerminal {
  /** The program has asked for other sequences of the arrow keys. */
  readonly hasApplicationCursor: boolean
  /** Resolves when the terminal has taken the output. A repaint begins on an empty terminal. */
  write(data: Uint8Array, options: {isRepaint: boolean}): Promise<void>
  /** Sends what a key sends, as if it were typed. */
  press(sequence: string): void
  /** Takes all of its element, and returns the size that it has then. */
  fit(): TerminalSize
  /** Takes a size, and the font in which a row of that fits into the element, if it can be read. */
  showWhole(size: TerminalSize): void
  /** All rows, as text: wrapped rows are joined to lines. */
  readText(): string
  /** Has the rows read aloud. Some on-screen keyboards cannot type then. */
  setScreenReader(isOn: boolean): void
  focus(): void
  dispose(): void
}

export interface PageTerminalOptions {
  parent: HTMLElement
  /** px */
  fontSize: number
  /** Shows the program, and takes no key. */
  isReadOnly: boolean
  /** What the user types, and what the terminal answers to queries. */
  onInput: (text: string) => void
  /** What the mouse sends in the coding of X10, which is not UTF-8. */
  onMouse: (bytes: Uint8Array) => void
  onTitle: (title: string) => void
}

const scrollbackRows = 1000
/** px */
const leastFontSize = 7

export function openTerminal(options: PageTerminalOptions): PageTerminal {
  const {parent, fontSize, isReadOnly, onInput, onMouse, onTitle} = options
  const page = parent.ownerDocument
  const isDark = matchMedia('(prefers-color-scheme: dark)')
  const terminal = new Terminal({
    // For the widths of Unicode 11, which the host's terminal has.
    allowProposedApi: true,
    disableStdin: isReadOnly,
    fontFamily: getComputedStyle(parent).fontFamily,
    fontSize,
    // Programs choose colours for a dark background, or for a light one.
    minimumContrastRatio: 4.5,
    scrollback: scrollbackRows,
    theme: readTerminalTheme(isDark.matches),
  })
  const fitting = new FitAddon()
  terminal.loadAddon(fitting)
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  // Only http and https. For a link by OSC 8, whose text may hide its address, xterm asks first.
  terminal.loadAddon(new WebLinksAddon((_event, address) => void open(address, '_blank', 'noopener,noreferrer')))
  terminal.attachCustomKeyEventHandler((event) => {
    if (!isCopy(event, terminal.hasSelection())) return true
    event.preventDefault()
    // Unlike `navigator.clipboard`, this also works on a page that came without TLS; xterm provides the text.
    if (event.type === 'keydown') page.execCommand('copy')
    terminal.clearSelection()
    return false
  })
  const removeStyles = openWithoutInlineStyles(page, () => terminal.open(parent))
  const changeTheme = () => void (terminal.options.theme = readTerminalTheme(isDark.matches))
  isDark.addEventListener('change', changeTheme)
  /** The next output may be the echo of a key. */
  let isEchoDue = false
  terminal.onData((text) => {
    isEchoDue = true
    onInput(text)
  })
  terminal.onBinary((text) => onMouse(Uint8Array.from(text, (character) => character.charCodeAt(0))))
  terminal.onTitleChange(onTitle)

  return {
    get hasApplicationCursor() {
      return terminal.modes.applicationCursorKeysMode
    },
    write(data, {isRepaint}) {
      if (isRepaint) terminal.reset()
      return new Promise((resolve) => {
        terminal.write(data, () => {
          if (isEchoDue) drawAtOnce(terminal)
          isEchoDue = false
          resolve()
        })
      })
    },
    press: (sequence) => terminal.input(sequence),
    fit() {
      fitting.fit()
      return {cols: terminal.cols, rows: terminal.rows}
    },
    showWhole({cols, rows}) {
      terminal.options.fontSize = fontSize
      const room = fitting.proposeDimensions()?.cols ?? cols
      terminal.options.fontSize = Math.max(leastFontSize, Math.min(fontSize, Math.floor((fontSize * room) / cols)))
      terminal.resize(cols, rows)
    },
    readText: () => readText(terminal),
    setScreenReader: (isOn) => void (terminal.options.screenReaderMode = isOn),
    focus: () => terminal.focus(),
    dispose() {
      isDark.removeEventListener('change', changeTheme)
      terminal.dispose()
      removeStyles()
    },
  }
}

/** Ctrl-Shift-C, and Ctrl-C where there is something to copy. The Command key of a Mac copies by itself. */
function isCopy({ctrlKey, shiftKey, altKey, metaKey, code}: KeyboardEvent, hasSelection: boolean): boolean {
  return code === 'KeyC' && ctrlKey && !altKey && !metaKey && (shiftKey || hasSelection)
}

function readText({buffer: {active}}: Terminal): string {
  const lines: string[] = []
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)
    const isWhole = active.getLine(row + 1)?.isWrapped !== true
    const text = line?.translateToString(isWhole) ?? ''
    if (line?.isWrapped === true && lines.length > 0) lines.push(`${lines.pop()}${text}`)
    else lines.push(text)
  }
  return lines.join('\n').trimEnd()
}

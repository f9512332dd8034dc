/** The bytes that a terminal sends for keys other than characters, Ctrl and Alt with a character. */
const bytes: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  'shift-tab': '\u001b[Z',
  escape: '\u001b',
  backspace: '\u007f',
  delete: '\u001b[3~',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  'page-up': '\u001b[5~',
  'page-down': '\u001b[6~',
}

/** What a terminal sends for a key, such as `enter`, `ctrl-d`, `alt-b`; `undefined` for keys that few programs know. Pure. */
export function keyBytes(name: string): string | undefined {
  const known = bytes[name]
  if (known !== undefined) return known
  const [, modifier, character = ''] = /^(ctrl|alt)-(.)$/su.exec(name) ?? []
  if (modifier === 'alt') return `\u001b${character}`
  return modifier === 'ctrl' ? String.fromCharCode(character.charCodeAt(0) & 0x1f) : undefined
}

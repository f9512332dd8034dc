import {toPlainLines} from '@holdfast/terminal/plain'

/** The character references that people write; others stay as they are. */
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  times: '×',
  middot: '·',
  bull: '•',
  rarr: '→',
  larr: '←',
  check: '✓',
}

/** A text of Markdown with its character references replaced; the parser has replaced some. Those of control characters are left out. */
export function plainText(text: string): string {
  return toPlainLines(text.includes('&') ? replaceReferences(text) : text).join('\n')
}

function replaceReferences(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]{2,8}));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(named, name as string) ? named[name as string]! : all
    const code = decimal === undefined ? parseInt(hex as string, 16) : Number(decimal)
    return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code)
  })
}

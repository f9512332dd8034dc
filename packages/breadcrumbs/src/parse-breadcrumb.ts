import type {Breadcrumb, Fact} from './breadcrumb.ts'

const HEAD = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\w.:/-]+) /
const CUT = / \u2026\+(\d+)$/

/** Reads a line that `formatBreadcrumb` wrote; `undefined` for any other, such as one that a full disk left half written. */
export function parseBreadcrumb(line: string): Breadcrumb | undefined {
  const head = HEAD.exec(line)
  if (!head) return undefined
  const [start, time = '', who = ''] = head
  const at = Date.parse(time)
  const mark = CUT.exec(line)
  const parts = readParts(line.slice(start.length, mark?.index), mark !== null)
  const what = parts?.findIndex(({fact}) => fact === undefined) ?? -1
  if (!parts || what < 0 || Number.isNaN(at)) return undefined

  const {pid, gen, session} = factsOf(parts.slice(0, what))
  if (typeof pid !== 'number') return undefined
  return {
    at,
    who,
    pid,
    ...(typeof gen === 'number' && {generation: gen}),
    ...(typeof session === 'string' && {session}),
    what: parts[what]?.name ?? '',
    facts: factsOf(parts.slice(what + 1)),
    ...(mark && {cut: Number(mark[1])}),
  }
}

interface Part {
  name: string
  fact: Fact | undefined
}

function readParts(text: string, isCut: boolean): Part[] | undefined {
  const parts: Part[] = []
  /**
   * A word alone, or one with a value: quoted, quoted and cut before its end (perhaps within an escape), or bare.
   * The expression is made when a line is read: few processes read one, and each start would pay for it.
   */
  const part =
    /(?<name>[\w.:/-]+)(?:=(?:(?<quoted>"(?:[^"\\\p{Cc}]|\\(?:["\\bfnrt]|u[\da-f]{4}))*)(?<end>"|(?:\\(?:u[\da-f]{0,3})?)?$)|(?<bare>[^\s"\\]*)))?(?: |$)/uy
  while (part.lastIndex < text.length) {
    const groups = part.exec(text)?.groups
    if (!groups) return undefined
    const {name = '', quoted, end, bare} = groups
    const isLast = part.lastIndex === text.length
    if (quoted !== undefined) {
      if (end !== '"' && !isCut) return undefined
      parts.push({name, fact: JSON.parse(`${quoted}"`) as string})
    } else if (!isCut || !isLast) {
      // A bare value at the cut is left out: half a number would be a wrong one.
      parts.push({name, fact: bare === undefined ? undefined : readBare(bare)})
    }
  }
  return parts
}

function readBare(text: string): Fact {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  // Text that begins like a number is never written bare.
  return /^[-\d]/.test(text) || text === 'NaN' || text === 'Infinity' ? Number(text) : text
}

function factsOf(parts: readonly Part[]): Record<string, Fact> {
  return Object.fromEntries(parts.flatMap(({name, fact}) => (fact === undefined ? [] : [[name, fact]])))
}

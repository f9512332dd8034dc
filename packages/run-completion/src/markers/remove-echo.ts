import {DRAWING, EDITOR, lengthAt, MIN_PIECE, INSIDE, SPECIAL} from './subtract-drawing.ts'

/**
 * Finds the echo of typed lines in what is printed while they are typed. The echo is known, up to what a line editor prints to
 * draw it. A job may print between any two writes of the shell, also what the shell prints: so there are many readings of
 * the same bytes. The one in which output interrupts the echo least often counts.
 */

/** More readings are not followed: then an echo may be found that output interrupts more often than the true one. */
const MAX_READINGS = 16
/** Where output begins like the rest of the line, its beginning is looked for this many bytes back, at most. */
const MAX_SHIFT = 64
/** The key of the reading in which the echo has not begun. */
const NOT_BEGUN = -1
/** Programs print these, too. */
// oxlint-disable-next-line no-control-regex -- the sequences of a terminal
const COMMON = /\x1b\[[\d;]*m|\r/y
const LINE_END = /\r{0,8}\n(?:\r{1,8}(?![\r\n]))?/y
/** Costs of an interruption. The shell writes most lines at once, so output is likelier where it moves the cursor. */
const CUT_COST = 2
const CUT_IN_TEXT_COST = 3
/** Of a line that is drawn again. */
const REDRAW_COST = 1
/** Of a sequence found outside the echo that line editors print only inside: part of the echo was taken for output. */
const OUTSIDE_COST = 4
/** Of such a sequence between prompt and echo, where fish prints one: likelier than an echo that begins inside the prompt. */
const AFTER_PROMPT_COST = 2
/** Break ties: a colour or carriage return right before output belongs to that, one before the echo to the echo. */
const COMMON_DOUBT = 1
const BEFORE_DOUBT = 2

export interface EchoOptions {
  minPiece?: number
  isOpen?: boolean
  afterPrompt?: boolean
}

export interface FoundEcho {
  /** The output before the echo and in it. */
  rest: string
  /** Where that is printed, in order. */
  output: readonly {from: number; to: number}[]
  /** Where the echo begins. */
  begin: number
  /** Where it ends, its last newline included. */
  end: number
  /** How unlikely this reading is: 0 if no output is in the echo. */
  cost: number
  /** How often a reading was compared with a byte: at most 34 times for each byte. */
  steps: number
}

/** Output of a job, and what was found before it. */
interface Output {
  from: number
  to: number
  before: Output | undefined
}

/** One way to read the bytes before a position as pieces of the echo and output among them. */
interface Reading {
  /** How much of the lines is drawn. */
  matched: number
  /** How unlikely it is: the sum of the costs below. */
  cost: number
  /** Where the echo begins; Infinity before that. */
  begin: number
  /** How many bytes are certainly the shell's, if the reading is right. */
  claimed: number
  /** How unlikely it is, among equals. */
  doubt: number
  output: Output | undefined
  /** Where the output began that is being read; undefined if the shell has printed the last byte. */
  outputFrom?: number | undefined
  /** The shell has moved the cursor: it may draw the line again. */
  isMoved?: boolean
}

/**
 * Removes the echo of lines, each with its newline, as a line editor or the terminal prints it: perhaps more than once. All texts
 * have one character for each byte. Returns undefined if the echo is not there. The order of the output is kept. Where output
 * looks like the echo, of the readings with the fewest interruptions the one counts that ends last, and of these the one that
 * begins first: the time between the keys and their echo is as short as that between the echo and its newline. After output, the echo goes
 * on with `minPiece` of its characters at least, by default 4: fewer, only if programs hardly print them. With `isOpen`, the last
 * line has no newline, as a prompt has none; then the reading counts that ends first. `afterPrompt`: a prompt is printed before the lines.
 */
export function removeEcho(
  printed: string,
  lines: readonly string[],
  {minPiece = MIN_PIECE, isOpen = false, afterPrompt = false}: EchoOptions = {},
): FoundEcho | undefined {
  const text = lines.join('\n') + (isOpen ? '' : '\n')
  /** Readings by the position up to which the shell has printed, each by what is matched. */
  const drawn = new Map<number, Map<number, Reading>>()
  /** Readings whose last byte is output, by the length of the matched text. */
  const interrupted = new Map<number, Reading>()
  let best: (Reading & {end: number}) | undefined
  let steps = 0

  function draw(reading: Reading, at: number, length: number, matched: number, kind: 'text' | 'move' | 'common'): void {
    const end = at + length
    // Too little is left for the rest of the lines.
    if (printed.length - end < text.length - matched) return
    const next = {
      matched,
      cost: reading.cost,
      begin: Math.min(reading.begin, matched > 0 ? at : Infinity),
      claimed: reading.claimed + (kind === 'common' ? 0 : length),
      doubt: reading.doubt + (kind === 'common' ? COMMON_DOUBT : 0),
      output: outputOf(reading, at),
      isMoved: kind === 'move' || (kind === 'common' && reading.isMoved === true),
    }
    if (matched < text.length) {
      const others = drawn.get(end) ?? new Map<number, Reading>()
      keep(others, next)
      drawn.set(end, others)
    } else if (
      best === undefined ||
      next.cost < best.cost ||
      (next.cost === best.cost && ((end > best.end && !isOpen) || isBetter(next, best)))
    ) {
      best = {...next, end}
    }
  }

  draw({matched: 0, cost: 0, begin: Infinity, claimed: 0, doubt: 0, output: undefined}, 0, 0, 0, 'text')
  for (let at = 0; at < printed.length; at++) {
    const character = printed.charAt(at)
    const isSpecial = SPECIAL.includes(character)
    const lineEnd = character === '\n' || character === '\r' ? lengthAt(LINE_END, printed, at) : 0
    const drawing = isSpecial ? lengthAt(DRAWING, printed, at) : 0
    const editor = isSpecial ? lengthAt(EDITOR, printed, at) : 0
    const isCommon = drawing > 0 && lengthAt(COMMON, printed, at) === drawing
    const outsideCost = drawing > 0 && lengthAt(INSIDE, printed, at) > 0 ? OUTSIDE_COST : 0
    const beforeCost = afterPrompt ? Math.min(outsideCost, AFTER_PROMPT_COST) : outsideCost
    if (best !== undefined && at >= best.end) best.cost += outsideCost
    // zsh prints the first character alone.
    const isAlone = text.length > 2 && printed.startsWith(`${text.charAt(0)}\b`, at)
    const cut: Reading[] = []

    /** Draws what the shell may have printed here; returns whether that is text. */
    const drawText = (reading: Reading): boolean => {
      const {matched} = reading
      const expected = text[matched]
      if (expected === '\n' && lineEnd > 0) draw(reading, at, lineEnd, matched + 1, 'text')
      else if (expected === character) draw(reading, at, 1, matched + 1, 'text')
      else if (expected === '\t' && character === ' ') {
        draw(reading, at, 1, matched, 'text')
        draw(reading, at, 1, matched + 1, 'text')
      } else return false
      return true
    }

    for (const reading of drawn.get(at)?.values() ?? []) {
      steps += 1
      const {matched, isMoved} = reading
      const isBegun = reading.begin < Infinity
      if (!isBegun && isAlone) {
        draw({...reading, begin: at}, at, 2, 0, 'move')
        continue
      }
      const isText = drawText(reading)
      const moved = isBegun ? reading : {...reading, cost: reading.cost + beforeCost}
      if (drawing > 0) draw(moved, at, drawing, matched, isCommon ? 'common' : 'move')
      if (isMoved && isBegun && character === text[0])
        draw({...reading, cost: reading.cost + REDRAW_COST}, at, 1, 1, 'text')
      if (drawing > 0 ? !isCommon || editor > 0 : isText && isBegun) continue
      const isInText = !isMoved && text[matched] !== '\n' && text[matched - 1] !== '\n'
      const cost = !isBegun ? 0 : isInText ? CUT_IN_TEXT_COST : CUT_COST
      const doubt = reading.doubt + (isBegun ? 0 : BEFORE_DOUBT)
      cut.push({...reading, cost: reading.cost + cost, doubt, outputFrom: at})
    }
    drawn.delete(at)
    for (const [key, reading] of interrupted) {
      steps += 1
      const isBegun = reading.begin < Infinity
      if (!isBegun && isAlone) {
        draw({...reading, begin: at}, at, 2, 0, 'move')
        interrupted.delete(key)
      } else if (editor > 0) {
        draw(isBegun ? reading : {...reading, cost: reading.cost + beforeCost}, at, editor, reading.matched, 'move')
        interrupted.delete(key)
      } else if (isPiece(at, reading.matched)) {
        const doubt = reading.doubt + 2 - endRank(printed.charAt(at - 1))
        drawText(shiftOutput({...reading, doubt}, at))
      } else if (isBegun && text[reading.matched] === '\n' && lineEnd > 0) drawText(reading)
    }
    for (const reading of cut) keep(interrupted, reading)
  }
  if (best === undefined) return undefined
  const outputs: Output[] = []
  for (let each = best.output; each !== undefined; each = each.before) outputs.push(each)
  outputs.reverse()
  const rest = outputs.map(({from, to}) => printed.slice(from, to)).join('')
  return {rest, output: outputs, begin: best.begin, end: best.end, cost: best.cost, steps}

  /**
   * Output may begin as the line goes on, and is read as a part of it; then it seems to end with that part. Where it could have
   * begun earlier, its end decides.
   */
  function shiftOutput(reading: Reading, at: number): Reading {
    const {matched, outputFrom = at, output} = reading
    let shift = 0
    for (let by = 1; by <= Math.min(MAX_SHIFT, matched); by++) {
      const expected = text[matched - by]
      if (expected === '\n' || printed[outputFrom - by] !== expected || printed[at - by] !== expected) break
      if (endRank(printed.charAt(at - by - 1)) > endRank(printed.charAt(at - shift - 1))) shift = by
    }
    if (shift === 0) return reading
    return {...reading, outputFrom: undefined, output: {from: outputFrom - shift, to: at - shift, before: output}}
  }

  /** Whether enough of a line is printed here to be no accident. A terminal may echo its first byte alone. */
  function isPiece(at: number, matched: number): boolean {
    let length = 0
    while (length < minPiece && printed[at + length] === text[matched + length] && text[matched + length] !== '\n')
      length += 1
    if (matched === 0 && length > 0 && text.length > 2 * MIN_PIECE) return true
    return length === minPiece || (length > 0 && '\n\t'.includes(text.charAt(matched + length)))
  }
}

/** How likely a write of a job ends so: with a newline, or at least not in a word. */
function endRank(character: string): number {
  return character === '\n' ? 2 : /\w/.test(character) ? 0 : 1
}

/** Its output, that being read included, up to a position. */
function outputOf({output, outputFrom}: Reading, at: number): Output | undefined {
  return outputFrom === undefined || outputFrom === at ? output : {from: outputFrom, to: at, before: output}
}

/** Keeps the best reading for what is matched, and the best of all, as many as are followed. */
function keep(readings: Map<number, Reading>, reading: Reading): void {
  const key = reading.begin < Infinity ? reading.matched : NOT_BEGUN
  const other = readings.get(key)
  if (other !== undefined && !isBetter(reading, other)) return
  if (other === undefined && key !== NOT_BEGUN && readings.size >= MAX_READINGS) {
    let worst = reading
    for (const each of readings.values()) if (isBetter(worst, each)) worst = each
    if (worst === reading) return
    readings.delete(worst.matched)
  }
  readings.set(key, reading)
}

function isBetter(one: Reading, other: Reading): boolean {
  const order =
    one.cost - other.cost || other.claimed - one.claimed || one.begin - other.begin || one.doubt - other.doubt
  return order < 0
}

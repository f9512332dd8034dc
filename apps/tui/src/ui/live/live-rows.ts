import {toPlainLine, toPlainLines} from '@holdfast/terminal'
import {wrapRows} from '@holdfast/terminal/rows'
import {describeKey, fitKeys, joinHints, withKey, type LineTarget, type ProgramPrompt} from '@holdfast/ink-composer'
import {agentAtWork, describeHeld, formatLines, queueLines} from '@holdfast/session-view'

import {waitingPrompts, type ScreenSnapshot} from '../screen-snapshot.ts'
import {whyOutOfReach} from '../session-state.ts'

/** The count of collapsed lines, above the last rows of the running command. Pure. */
export function collapsedRows({output, paint}: ScreenSnapshot): readonly string[] {
  if (output === undefined || output.isFullScreen || output.collapsedLines === 0) return []
  return [paint('muted', `… ${formatLines(output.collapsedLines)} collapsed`)]
}

/** A prompt: the rows above the composer, and what the composer begins with. */
export interface ShownPrompt {
  above: readonly string[]
  prompt: ProgramPrompt | undefined
}

const noPrompt: ShownPrompt = {above: [], prompt: undefined}

/**
 * The prompt of the program, a line that it has not ended. A last row that would leave less than half of the row is above, as are
 * those before it. Pure.
 */
export function programPrompt({output, size}: ScreenSnapshot, target: LineTarget): ShownPrompt {
  const row = output?.unfinishedRow
  if (target === 'prompt' || output === undefined || row === undefined) return noPrompt
  const rows = output.rows.slice(-1 - row.wrapped)
  return row.columns > size.cols / 2 ? {above: rows, prompt: undefined} : {above: rows.slice(0, -1), prompt: row}
}

/** The prompt of the shell while it waits for a command, in the same places. Pure. */
export function shellPrompt({shellPrompt: prompt, session, size}: ScreenSnapshot, target: LineTarget): ShownPrompt {
  if (prompt === undefined || target !== 'prompt' || session?.running !== null) return noPrompt
  const {above, text, columns} = prompt
  return columns > size.cols / 2 ? {above: [...above, text], prompt: undefined} : {above, prompt: {text, columns}}
}

/** The last rows of the running command, after the count of collapsed lines, and without those of the prompt that is shown. Pure. */
export function outputRows(snapshot: ScreenSnapshot, {above, prompt}: ShownPrompt): readonly string[] {
  const {output} = snapshot
  if (output === undefined || output.isFullScreen) return []
  const promptRows = above.length + (prompt === undefined ? 0 : 1)
  return [...collapsedRows(snapshot), ...output.rows.slice(0, output.rows.length - promptRows)]
}

/** How the program gets the whole terminal. Pure. */
export function offerRows({offer, session, size, bindings}: ScreenSnapshot): readonly string[] {
  if (offer === undefined) return []
  const program = programOf(session?.running?.text ?? '') ?? 'The program'
  const gives = offer === 'enter' ? 'Enter gives it' : describeKey(bindings, 'ctrl-o', 'gives it')
  return wrapRows(withKey(`${program} needs the whole terminal`, gives), size.cols)
}

/** `NAME=value`, with quotes as shells have them. */
const assignment = /\w+=(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])*\s+/
/** Assignments, and then the first word of a command, if it is a plain one. */
const firstWord = new RegExp(
  String.raw`^\s*(?:sudo\s+|${assignment.source})*(?!\w+=)([\w./+~@][\w./+~@-]*)(?=[\s;|&<>]|$)`,
)

/** The name of the program that a command starts, guessed from its first words; `undefined` if they do not tell it. */
function programOf(command: string): string | undefined {
  const word = firstWord.exec(toPlainLine(command))?.[1]
  return word?.slice(word.lastIndexOf('/') + 1) || undefined
}

/** Queued prompts that are shown before the count of those between them and the last one. */
const firstShown = 2

/** The queue and its keys. Pure. */
export function queueRows(snapshot: ScreenSnapshot): readonly string[] {
  const {session, size, input, bindings} = snapshot
  const waiting = waitingPrompts(snapshot)
  const all = queueLines(waiting).map((line) => `  ${line}`)
  const left = all.length - firstShown - 1
  // A count of one would take the row of that prompt.
  const rows = left < 2 ? all : [...all.slice(0, firstShown), `  … ${left} more`, ...all.slice(-1)]
  if (session === undefined || session.queue.length === 0 || input === 'hidden') return rows
  const fit = (keys: string) => `  ${fitKeys(keys, size.cols - 2)}`
  const held = describeHeld(session)
  if (held !== undefined) {
    const goesOn = describeKey(bindings, 'ctrl-g', 'goes on')
    const keys = joinHints(goesOn, '↑ edits', 'Del in an empty draft drops them')
    const isWide = fitKeys(keys, size.cols - 2) === keys
    const why = wrapRows(held, size.cols - 2).map((row) => `  ${row}`)
    return [...rows, ...why, isWide ? fit(keys) : fit(joinHints(goesOn, '↑ edits', 'Del drops them'))]
  }
  // An agent reads no input while it works.
  const canType = agentAtWork(session) === undefined
  return [
    ...rows,
    fit(
      input === 'line' || input === 'key'
        ? (describeKey(bindings, 'ctrl-t', 'and ↑ edit the queue') ?? 'Esc and ↑ edit the queue')
        : joinHints(
            '↑ edits the queue',
            canType ? describeKey(bindings, 'ctrl-t', 'sends input to the program') : undefined,
          ),
    ),
  ]
}

/** Notices, and why the session is out of reach. Pure. */
export function noticeRows(snapshot: ScreenSnapshot, columns: number): readonly string[] {
  return [whyOutOfReach(snapshot), snapshot.notice].flatMap((text) =>
    text === undefined ? [] : toPlainLines(text).flatMap((line) => wrapRows(line, columns)),
  )
}

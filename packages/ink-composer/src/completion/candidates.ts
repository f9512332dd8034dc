import type {Draft} from '../draft/draft.ts'
import {isWritable, readPath, type WrittenPath} from './shell-path.ts'

/** A slash command in the menu. */
export interface MenuCommand {
  name: string
  description: string
  /** Its argument as the menu shows it. @default it takes none */
  argument?: string
  /** Completions of the argument. */
  complete?: (typed: string) => readonly string[]
}

/** New text for the draft from `start` up to the cursor. */
export interface Replacement {
  start: number
  text: string
  /** It completes a slash command, which can be run. */
  isWhole: boolean
}

/** A row of the menu. */
export interface Candidate {
  replacement: Replacement
  shown: string
  hint?: string | undefined
}

/** The slash commands, or arguments of one, that complete the draft. Pure. */
export function commandCandidates({text, cursor}: Draft, commands: readonly MenuCommand[]): readonly Candidate[] {
  // Only a line that starts with `/`, with the cursor at its end.
  if (!text.startsWith('/') || cursor !== text.length || text.includes('\n') || text.length > 200) return []
  const blank = text.indexOf(' ')
  if (blank === -1) {
    return commands
      .filter(({name}) => name.startsWith(text.toLowerCase()))
      .map(({name, description, argument}) => ({
        replacement: {start: 0, text: argument === undefined ? name : `${name} `, isWhole: argument === undefined},
        shown: argument === undefined ? name : `${name} ${argument}`,
        hint: description,
      }))
  }
  const command = commands.find(({name}) => name === text.slice(0, blank))
  return (command?.complete?.(text.slice(blank + 1)) ?? []).map((whole) => ({
    replacement: {start: blank + 1, text: whole, isWhole: true},
    shown: whole,
  }))
}

/** The path at the cursor; a collapsed range ends it. Pure. */
export function pathAt(draft: Draft): WrittenPath | undefined {
  const {text, cursor} = draft
  const floor = wordFloor(draft)
  const path = readPath(text.slice(floor, cursor), cursor - floor)
  return path === undefined ? undefined : {...path, start: path.start + floor}
}

/** The end of the last collapsed range before the cursor: what is completed begins behind it. Pure. */
export function wordFloor({cursor, collapsed}: Draft): number {
  return collapsed.findLast(({end}) => end <= cursor)?.end ?? 0
}

/** The names that complete a path, which `write` writes. Pure. */
export function pathCandidates(
  {start, folder, name: typed}: WrittenPath,
  names: readonly string[],
  write: (path: string) => string,
): readonly Candidate[] {
  return names
    .filter((name) => name.startsWith(typed) && isWritable(name))
    .filter((name) => !name.startsWith('.') || typed.startsWith('.'))
    .map((name) => {
      const text = write(folder + name) + (name.endsWith('/') ? '' : ' ')
      return {replacement: {start, text, isWhole: false}, shown: name}
    })
}

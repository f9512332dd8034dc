import type {Draft} from '../draft/draft.ts'
import type {OverlayView} from '../overlays/overlay.ts'
import {commonStart, isWritable, readPath, writePath, type WrittenPath} from './shell-path.ts'

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

export interface CompletionOptions {
  commands: readonly MenuCommand[]
  /** Returns the names in a folder; names of subfolders end with `/`. Must not reject. `undefined`: completes no paths. */
  listFolder: ((folder: string) => Promise<readonly string[]>) | undefined
  onReplace: (replacement: Replacement) => void
  onChange: () => void
}

/** Completes slash commands and paths. */
export interface Completion {
  /** The menu, or `undefined`. */
  readonly view: OverlayView | undefined
  /** The user typed or deleted something. */
  look(draft: Draft): void
  /** Tab: completes the selected row, or opens the menu of paths. */
  tab(draft: Draft): void
  /** ↑ or ↓. `false`: no menu is open. */
  choose(step: -1 | 1): boolean
  /** The row that was selected with the arrows. */
  readonly chosen: Replacement | undefined
  /** Esc. `false`: no menu was open. The menu stays closed for the same word. */
  dismiss(): boolean
  /** The draft was replaced. */
  close(): void
}

interface Candidate {
  replacement: Replacement
  shown: string
  hint?: string
}

type Menu =
  | {kind: 'commands'; candidates: readonly Candidate[]}
  | {kind: 'paths'; path: WrittenPath; names: readonly string[] | undefined; candidates: readonly Candidate[]}

export function createCompletion(options: CompletionOptions): Completion {
  const {commands, listFolder, onReplace, onChange} = options
  let menu: Menu | undefined
  let selected: number | undefined
  /** The start of the word whose menu was closed by Esc. */
  let dismissedAt: number | undefined

  const show = (next: Menu | undefined) => {
    menu = next
    selected = undefined
    onChange()
  }

  const lookForPaths = async (path: WrittenPath, isAsked: boolean): Promise<void> => {
    if (listFolder === undefined) return show(undefined)
    const known = menu?.kind === 'paths' && menu.path.folder === path.folder ? menu.names : undefined
    const looking: Menu = {kind: 'paths', path, names: known, candidates: pathCandidates(path, known ?? [])}
    show(looking)
    if (known === undefined) {
      const names = await listFolder(path.folder)
      // The draft has changed meanwhile.
      if (menu !== looking) return
      show({...looking, names, candidates: pathCandidates(path, names)})
    }
    if (isAsked) completeCommon(path)
  }
  /** Completes to the common start of all matches. */
  const completeCommon = (path: WrittenPath) => {
    const candidates = menu?.candidates ?? []
    const [first] = candidates
    if (first === undefined) return show(undefined)
    if (candidates.length === 1) return onReplace(first.replacement)
    const common = commonStart(candidates.map(({shown}) => shown))
    if (common.length > path.name.length) onReplace(pathReplacement(path, common, ''))
  }

  const look = (draft: Draft, isAsked: boolean) => {
    const found = commandCandidates(draft, commands)
    const path = pathAt(draft)
    const isFollowed = menu?.kind === 'paths' && menu.path.start === path?.start
    const start = found.length > 0 ? 0 : path?.start
    if (isAsked || draft.text === '' || start !== dismissedAt) dismissedAt = undefined
    if (start === undefined || dismissedAt !== undefined) return show(undefined)
    if (found.length > 0) return show({kind: 'commands', candidates: found})
    if (path === undefined || !(path.isMarked || isFollowed || isAsked)) return show(undefined)
    void lookForPaths(path, isAsked)
  }

  return {
    get view() {
      if (menu === undefined || menu.candidates.length === 0) return undefined
      const rows = menu.candidates.map(({shown, hint}) => ({text: shown, hint}))
      return {rows, selected: selected ?? 0, footer: 'Tab completes · ↑↓ choose · Esc closes'}
    },
    look: (draft) => look(draft, false),
    tab(draft) {
      const candidate = menu?.candidates[selected ?? 0]
      if (candidate !== undefined) onReplace(candidate.replacement)
      else look(draft, true)
    },
    choose(step) {
      const count = menu?.candidates.length ?? 0
      if (count === 0) return false
      selected = ((selected ?? (step === 1 ? -1 : 0)) + step + count) % count
      if (count === 1) selected = 0
      onChange()
      return true
    },
    get chosen() {
      return selected === undefined ? undefined : menu?.candidates[selected]?.replacement
    },
    dismiss() {
      if (menu === undefined || menu.candidates.length === 0) return false
      dismissedAt = menu.kind === 'commands' ? 0 : menu.path.start
      show(undefined)
      return true
    },
    close() {
      dismissedAt = undefined
      if (menu !== undefined) show(undefined)
    },
  }
}

function commandCandidates({text, cursor}: Draft, commands: readonly MenuCommand[]): readonly Candidate[] {
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

/** The path at the cursor; a collapsed range ends it. */
function pathAt({text, cursor, collapsed}: Draft): WrittenPath | undefined {
  const floor = collapsed.findLast(({end}) => end <= cursor)?.end ?? 0
  const path = readPath(text.slice(floor, cursor), cursor - floor)
  return path === undefined ? undefined : {...path, start: path.start + floor}
}

function pathCandidates(path: WrittenPath, names: readonly string[]): readonly Candidate[] {
  return names
    .filter((name) => name.startsWith(path.name) && isWritable(name))
    .filter((name) => !name.startsWith('.') || path.name.startsWith('.'))
    .map((name) => ({replacement: pathReplacement(path, name, name.endsWith('/') ? '' : ' '), shown: name}))
}

function pathReplacement({start, folder}: WrittenPath, name: string, suffix: '' | ' '): Replacement {
  return {start, text: writePath(`${folder}${name}`) + suffix, isWhole: false}
}

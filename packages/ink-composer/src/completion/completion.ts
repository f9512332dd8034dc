import type {Draft} from '../draft/draft.ts'
import type {OverlayView} from '../overlays/overlay.ts'
import {
  commandCandidates,
  wordFloor,
  pathAt,
  pathCandidates,
  type Candidate,
  type MenuCommand,
  type Replacement,
} from './candidates.ts'
import {narrow, toCandidate, type ShellCompletions} from './shell-completions.ts'
import {commonStart, writeMention, writePath, type WrittenPath} from './shell-path.ts'

export interface CompletionOptions {
  commands: () => readonly MenuCommand[]
  /** Returns the names in a folder; names of subfolders end with `/`. Must not reject. `undefined`: completes no paths. */
  listFolder: ((folder: string) => Promise<readonly string[]>) | undefined
  /**
   * Completes the word at the end of a command line, which is what is before the cursor. Must not reject. `undefined`: Tab
   * completes paths by `listFolder`.
   */
  completeLine: ((line: string) => Promise<ShellCompletions>) | undefined
  /** See `ComposerOptions`. */
  mentions: () => boolean
  onReplace: (replacement: Replacement) => void
  onChange: () => void
}

/** Completes slash commands, paths behind `@`, and command lines. */
export interface Completion {
  /** The menu, or `undefined`. */
  readonly view: OverlayView | undefined
  /** The user typed or deleted something. */
  look(draft: Draft): void
  /** Tab: completes the selected row, opens the menu of a command line, or selects its next row. */
  tab(draft: Draft): void
  /** ↑ or ↓, and Shift-Tab. `false`: no menu is open. */
  choose(step: -1 | 1): boolean
  /** The row that was selected with the arrows, or with Tab. */
  readonly chosen: Replacement | undefined
  /**
   * Enter while Tab waits for the shell, for at most 2000 ms: whether Enter goes on then. It does not if the draft was replaced.
   * `undefined`: Tab waits for nothing.
   */
  hold(): Promise<boolean> | undefined
  /** Esc. `false`: no menu was open. The menu stays closed for the same word. */
  dismiss(): boolean
  /** The draft was replaced. */
  close(): void
}

type Menu =
  | {kind: 'commands'; candidates: readonly Candidate[]}
  | {kind: 'paths'; path: WrittenPath; names: readonly string[] | undefined; candidates: readonly Candidate[]}
  | {kind: 'line'; before: string; completions: ShellCompletions; candidates: readonly Candidate[]}

/** A request to the shell. `goesOn`, after Tab: whether Enter goes on. */
interface Asked {
  goesOn?: PromiseWithResolvers<boolean>
}

/** The longest that Enter waits for a completion, ms: a shell that takes longer is ended. */
const ENTER_MS = 2000

const footers = {
  asYouType: 'Tab completes · ↑↓ choose · Esc closes',
  line: 'Tab chooses · Enter takes it · Esc closes',
}

export function createCompletion(options: CompletionOptions): Completion {
  const {commands, listFolder, completeLine, mentions, onReplace, onChange} = options
  let menu: Menu | undefined
  let selected: number | undefined
  /** The start of the word whose menu was closed by Esc. */
  let dismissedAt: number | undefined
  /** The shell is asked; when the draft has changed by its answer, that is dropped. */
  let asked: Asked | undefined

  const drop = (goesOn = false) => {
    const dropped = asked
    asked = undefined
    dropped?.goesOn?.resolve(goesOn)
  }

  const show = (next: Menu | undefined) => {
    menu = next
    selected = undefined
    onChange()
  }

  const lookForPaths = async (path: WrittenPath, isAsked: boolean): Promise<void> => {
    if (listFolder === undefined) return show(undefined)
    const write = writerFor(path)
    const known = menu?.kind === 'paths' && menu.path.folder === path.folder ? menu.names : undefined
    const looking: Menu = {kind: 'paths', path, names: known, candidates: pathCandidates(path, known ?? [], write)}
    show(looking)
    if (known === undefined) {
      const names = await listFolder(path.folder)
      // The draft has changed meanwhile.
      if (menu !== looking) return
      show({...looking, names, candidates: pathCandidates(path, names, write)})
    }
    if (isAsked) completeCommon(path)
  }
  const writerFor = ({isMarked}: WrittenPath) => (isMarked && mentions() ? writeMention : writePath)
  /** Completes to the common start of all matches. */
  const completeCommon = (path: WrittenPath) => {
    const write = writerFor(path)
    const candidates = menu?.candidates ?? []
    const [first] = candidates
    if (first === undefined) return show(undefined)
    if (candidates.length === 1) return onReplace(first.replacement)
    const common = commonStart(candidates.map(({shown}) => shown))
    if (common.length > path.name.length)
      onReplace({start: path.start, text: write(path.folder + common), isWhole: false})
  }

  const askShell = async (draft: Draft, ask: (line: string) => Promise<ShellCompletions>): Promise<void> => {
    const mine: Asked = (asked = {goesOn: Promise.withResolvers()})
    for (;;) {
      const completions = await ask(draft.text.slice(0, draft.cursor))
      if (asked !== mine) return
      const isUseless = completions.start < wordFloor(draft)
      if (isUseless || !completions.isPartial) {
        drop(true)
        return isUseless ? show(undefined) : takeCompletions(draft, completions)
      }
      // Paths, until the shell is ready; what is selected among them stays.
      if (selected === undefined) showLine(draft, completions)
    }
  }
  const showLine = (draft: Draft, completions: ShellCompletions) => {
    const before = draft.text.slice(0, completions.start)
    const candidates = completions.candidates.map((each) => toCandidate(each, completions.start, draft))
    show(candidates.length === 0 ? undefined : {kind: 'line', before, completions, candidates})
  }
  const takeCompletions = (draft: Draft, completions: ShellCompletions) => {
    const {start, candidates, common} = completions
    const [first] = candidates
    if (first !== undefined && completions.total === 1) {
      show(undefined)
      return onReplace(toCandidate(first, start, draft).replacement)
    }
    if (selected === undefined) showLine(draft, completions)
    const typed = draft.text.slice(start, draft.cursor)
    if (common.length > typed.length) onReplace({start, text: common, isWhole: false})
  }

  /** Follows what the user types in the menu of a command line. `false`: the menu is closed. */
  const follow = (draft: Draft): boolean => {
    if (menu?.kind !== 'line' || !draft.text.startsWith(menu.before)) return false
    const {before, completions} = menu
    const left = narrow(completions, draft.text.slice(before.length, draft.cursor))
    if (left.length === 0) return false
    show({kind: 'line', before, completions, candidates: left.map((each) => toCandidate(each, before.length, draft))})
    // There are more than were sent.
    if (completions.total > completions.candidates.length && completeLine !== undefined)
      void refine(draft, completeLine)
    return true
  }
  const refine = async (draft: Draft, ask: (line: string) => Promise<ShellCompletions>): Promise<void> => {
    const mine: Asked = (asked = {})
    const completions = await ask(draft.text.slice(0, draft.cursor))
    if (asked !== mine) return
    asked = undefined
    if (!completions.isPartial && selected === undefined) showLine(draft, completions)
  }

  const look = (draft: Draft, isAsked: boolean) => {
    drop()
    if (!isAsked && follow(draft)) return
    const found = commandCandidates(draft, commands())
    const path = pathAt(draft)
    const isFollowed = menu?.kind === 'paths' && menu.path.start === path?.start
    const start = found.length > 0 ? 0 : path?.start
    if (isAsked || draft.text === '' || start !== dismissedAt) dismissedAt = undefined
    const isLine = isAsked && found.length === 0 && path?.isMarked !== true && completeLine !== undefined
    if (isLine) return draft.text.slice(0, draft.cursor).trim() === '' ? undefined : void askShell(draft, completeLine)
    if (start === undefined || dismissedAt !== undefined) return show(undefined)
    if (found.length > 0) return show({kind: 'commands', candidates: found})
    if (path === undefined || !(path.isMarked || isFollowed || isAsked)) return show(undefined)
    void lookForPaths(path, isAsked)
  }

  const choose = (step: -1 | 1) => {
    const count = menu?.candidates.length ?? 0
    if (count === 0) return false
    selected = ((selected ?? (step === 1 ? -1 : 0)) + step + count) % count
    if (count === 1) selected = 0
    onChange()
    return true
  }

  return {
    get view() {
      if (menu === undefined || menu.candidates.length === 0) return undefined
      const rows = menu.candidates.map(({shown, hint}) => ({text: shown, hint}))
      if (menu.kind !== 'line') return {rows, selected: selected ?? 0, footer: footers.asYouType}
      const {total, candidates} = menu.completions
      const rest = total - candidates.length
      return {
        rows,
        ...(selected !== undefined && {selected}),
        footer: `${rest > 0 ? `${rest} not listed: type more · ` : ''}${footers.line}`,
      }
    },
    look: (draft) => look(draft, false),
    tab(draft) {
      if (menu?.kind === 'line') return void choose(1)
      const candidate = menu?.candidates[selected ?? 0]
      if (candidate !== undefined) onReplace(candidate.replacement)
      else look(draft, true)
    },
    choose,
    get chosen() {
      return selected === undefined ? undefined : menu?.candidates[selected]?.replacement
    },
    hold() {
      const mine = asked
      if (mine?.goesOn === undefined) return undefined
      const timer = setTimeout(() => asked === mine && drop(true), ENTER_MS)
      return mine.goesOn.promise.finally(() => clearTimeout(timer))
    },
    dismiss() {
      drop()
      if (menu === undefined || menu.candidates.length === 0) return false
      if (menu.kind !== 'line') dismissedAt = menu.kind === 'commands' ? 0 : menu.path.start
      show(undefined)
      return true
    },
    close() {
      drop()
      dismissedAt = undefined
      if (menu !== undefined) show(undefined)
    },
  }
}

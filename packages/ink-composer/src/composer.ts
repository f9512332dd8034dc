import type {MenuCommand} from './completion/completion.ts'
import type {Draft} from './draft/draft.ts'
import type {History} from './history/history.ts'
import type {KeyPress} from './keys/read-keys.ts'
import type {ConfirmOptions} from './overlays/confirm-overlay.ts'
import type {Overlay, OverlayHost, OverlayView} from './overlays/overlay.ts'

/** A program that reads its terminal while the composer is shown. */
export interface RunningProgram {
  id: string
  /** Waits for a line of input. */
  isAsking: boolean
  /** Reads a secret: the composer does not show the typed text. */
  isSecret: boolean
}

/** What decides which keys mean something now. */
export interface HintFacts extends Pick<ComposerView, 'draft' | 'mode' | 'isSecret'> {
  isAsking: boolean
}

export interface ComposerOptions {
  history: History
  /** The slash commands of the menu. @default none */
  commands?: readonly MenuCommand[]
  /** See `CompletionOptions`. @default paths are not completed */
  listFolder?: ((folder: string) => Promise<readonly string[]>) | undefined
  /** The longest draft, in UTF-16 units; longer text is refused with a notice. @default 4 Mi */
  maxLength?: number
  /** The program that runs now. @default none, and Ctrl-T does nothing */
  program?: () => RunningProgram | undefined
  /** Enter: a prompt or a slash command was submitted. */
  onSubmit: (text: string) => void
  /** Called when the text of the draft changes, to save it. Not called for input to a running program: it may be a password. */
  onChange?: (text: string) => void
  /** Ctrl-C. `isEmpty`: the draft is empty. Return false to have the draft cleared. @default clears it */
  onInterrupt?: (isEmpty: boolean) => boolean
  /** Ctrl-D in an empty draft. */
  onLeave?: () => void
  /** Bytes for the running program with this id. Must not reject. */
  onInput?: (data: Uint8Array, programId: string) => Promise<void>
  /**
   * A key that the composer has no use for; in an empty draft, every key, before the composer takes it. Return true if you
   * used it.
   */
  onKey?: (name: string, isEmpty: boolean) => boolean
  /** Ctrl-T, before the draft becomes input for the program. Return true if you used it. */
  onAnswer?: () => boolean
  /** ↑ in an empty draft, before it recalls the history. Return true if you used it. */
  onRecall?: () => boolean
  /** A notice for the user, until the next one or for `forMs` milliseconds; `undefined` takes it away. */
  onNotice?: (text: string | undefined, options?: {forMs?: number}) => void
  /** The hint below the draft. @default none */
  hint?: (facts: HintFacts) => string | undefined
}

/** What to draw. */
export interface ComposerView {
  draft: Draft
  /** `input`: the draft is a line for the running program. */
  mode: 'prompt' | 'input'
  /** The draft must not be shown. */
  isSecret: boolean
  /** Drawn above the draft. */
  overlay: OverlayView | undefined
  /** What a key would do now, in one line. */
  hint: string | undefined
}

/** The editor: takes key presses; its `view` describes the rows to draw. */
export interface Composer {
  readonly view: ComposerView
  subscribe(listener: () => void): () => void
  press(key: KeyPress): void
  /** Inserts pasted text. */
  paste(text: string): void
  /** Reports that a paste was too long, in UTF-16 units. */
  refusePaste(length: number): void
  /** Puts a saved or withdrawn prompt into an empty draft; beside another draft, into the history. */
  restore(text: string): void
  /** What `program` or an overlay shows may have changed. */
  refresh(): void
  /** Opens an overlay, in place of the one that is open. */
  open(create: (host: OverlayHost) => Overlay): void
  /** Asks for confirmation. */
  ask(question: Omit<ConfirmOptions, 'host'>): void
}

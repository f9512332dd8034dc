import type {MenuCommand} from './completion/candidates.ts'
import type {ShellCompletions} from './completion/shell-completions.ts'
import type {Draft, Fragment} from './draft/draft.ts'
import type {History} from './history/history.ts'
import type {KeyBindings} from './keys/key-bindings.ts'
import type {KeyPress} from './keys/read-keys.ts'
import type {ConfirmOptions} from './overlays/confirm-overlay.ts'
import type {Overlay, OverlayHost, OverlayView} from './overlays/overlay.ts'
import type {RunningProgram, TargetState} from './program/target-state.ts'

export interface SubmitOptions {
  /** Ctrl-S: ahead of what waits. */
  isNow: boolean
}

/** What decides which keys mean something now. */
export interface HintFacts extends TargetState {
  draft: Draft
}

export interface ComposerOptions {
  history: History
  /** The keys that the user has bound. @default each action has its default keys */
  bindings?: KeyBindings
  /** The slash commands of the menu. @default none */
  commands?: readonly MenuCommand[] | (() => readonly MenuCommand[])
  /** See `CompletionOptions`. @default paths are not completed */
  listFolder?: ((folder: string) => Promise<readonly string[]>) | undefined
  /** See `CompletionOptions`. @default Tab completes paths */
  completeLine?: ((line: string) => Promise<ShellCompletions>) | undefined
  /** `@path` mentions a file, so Tab keeps the `@`, and quotes the path as `@"a path"`. @default the path alone is inserted */
  mentions?: () => boolean
  /**
   * What a pasted text becomes, such as the name of a dropped file a mention of it; `undefined`: the text itself. Later keys wait for a
   * promise; it must settle soon, and not reject. @default the text itself
   */
  readPaste?: (text: string) => Promise<Fragment | undefined> | undefined
  /** The folder in which a prompt would run, as the entries of the history have it. */
  folder?: () => string | undefined
  /**
   * Enter expands references to earlier commands (`!!`, `!$`, `^a^b`) in a prompt of one line, and submits it only when pressed
   * again. @default it does not
   */
  expandsHistory?: () => boolean
  /** Shows, dimmed behind the draft, how a text of the history goes on. Only for a terminal that can dim. @default false */
  suggests?: boolean
  /** The longest draft, in UTF-16 units; longer text is refused with a notice. @default 4 Mi */
  maxLength?: number
  /** The program that runs now, as the screen shows it. @default none, and Ctrl-T does nothing */
  program?: () => RunningProgram | undefined
  /**
   * Whether a text asks for more lines: then Enter begins a new line instead of submitting it. While a promise is open, later
   * keys wait; it must settle soon, and not reject. In place of `true`, what is shown before that line, such as `> `.
   * @default whether the text ends with a backslash
   */
  isIncomplete?: (text: string) => boolean | Promise<boolean | string>
  /** Enter or Ctrl-S: a prompt or a slash command was submitted. */
  onSubmit: (text: string, how: SubmitOptions) => void
  /**
   * Called when the text of the draft changes, to save it. Not called for input to a running program, which may be a password, nor
   * when the program ends and that becomes the draft, before the user edits it, nor for a text that may be a secret
   * (`isBehindSecret`).
   */
  onChange?: (text: string) => void
  /** Ctrl-C. `isEmpty`: the draft is empty. Return false to have the draft cleared. @default clears it */
  onInterrupt?: (isEmpty: boolean) => boolean
  /** Ctrl-D in an empty draft. */
  onLeave?: () => void
  /**
   * The shown line has this text now, whomever it is for. It may be a secret: never save it. Empty after `onSubmit` and
   * `onInput`, and when another line is shown.
   */
  onTyped?: (text: string) => void
  /** Bytes for the running program with this id. Must not reject, and must settle soon: later keys wait for it. */
  onInput?: (data: Uint8Array, programId: string, options: InputOptions) => Promise<InputResult>
  /**
   * A key that the composer has no use for, by the default key of its action; in an empty draft, every key, before the composer
   * takes it. Return true if you used it.
   */
  onKey?: (name: string, isEmpty: boolean) => boolean
  /** Ctrl-T, before the draft becomes input for the program. Return true if you used it. */
  onAnswer?: () => boolean
  /**
   * Ctrl-X Ctrl-E: lets the user edit the draft in an editor of their own. Resolves to the edited text, or to `undefined` to keep
   * the draft as it is. Must not reject; no key may arrive meanwhile. @default the key does nothing
   */
  onEdit?: (text: string) => Promise<string | undefined>
  /** ↑ in an empty draft, before it recalls the history. Return true if you used it. */
  onRecall?: () => boolean
  /** A notice for the user, until the next one or for `forMs` milliseconds; `undefined` takes it away. */
  onNotice?: (text: string | undefined, options?: {forMs?: number}) => void
  /** The hint below the draft. @default none */
  hint?: (facts: HintFacts) => string | undefined
}

export interface InputOptions {
  /** Type it only while the program hides it. */
  isHidden: boolean
  /** Type it only when the program reads a line. */
  isAnswer: boolean
  /** Type it only when the program reads a key, which its terminal shows. */
  isKey: boolean
  /** Ctrl-C: do not type it any more. */
  signal: AbortSignal
}

/**
 * `ended`: the program has ended before. `late`: it does not read, and has not ended. `changed`: it reads something else than a key. In
 * these cases, nothing was typed. `unknown`: it may have arrived or not.
 */
export type InputResult = 'sent' | 'ended' | 'late' | 'changed' | 'unknown'

/** What to draw. */
export interface ComposerView extends Pick<TargetState, 'target' | 'isMarked'> {
  draft: Draft
  /** What is shown before lines of the draft, by where they begin in its text. @default `…` */
  continuations?: ReadonlyMap<number, string> | undefined
  /** How a text of the history goes on that begins with the draft. No part of the draft: → at its end takes it. */
  suggestion?: string | undefined
  /** Drawn above the draft. */
  overlay: OverlayView | undefined
  /** What a key would do now, in one line. */
  hint: string | undefined
}

/** The editor: takes key presses; its `view` describes the rows to draw. */
export interface Composer {
  readonly view: ComposerView
  subscribe(listener: () => void): () => void
  /** A key as it was pressed, without regard to bindings. */
  press(key: KeyPress): void
  /** Inserts pasted text. */
  paste(text: string): void
  /** Reports that a paste was too long, in UTF-16 units. */
  refusePaste(length: number): void
  /** Empties a draft that has this text still, without `onChange`: it is saved elsewhere. */
  clear(text: string): void
  /** Puts a saved or withdrawn prompt into an empty draft; beside another draft, into the history. */
  restore(text: string): void
  /**
   * Puts what was typed for a program that has ended, and that was not sent, into an empty draft: marked, without `onChange`
   * before the user edits it, as it may be a secret, and submitted by the second Enter. Beside another draft, Ctrl-Y inserts it.
   */
  putBack(text: string): void
  /** What `program` or an overlay shows may have changed. Call it with each frame: keys are judged by the last one. */
  refresh(): void
  /** Remembers the prompt as it is; calling the result tells the composer that it holds no secret. */
  snapshot(): () => void
  /** Opens an overlay, in place of the one that is open. */
  open(create: (host: OverlayHost) => Overlay): void
  /** Asks for confirmation. */
  ask(question: Omit<ConfirmOptions, 'host'>): void
}

import type {SessionState} from '@holdfast/protocol'

import type {MenuWord} from './completion.ts'
import type {ConfirmOptions} from './confirm-overlay.ts'
import type {Draft} from './draft.ts'
import type {Overlay, OverlayHost, OverlayView} from './overlay.ts'
import type {PromptHistory} from './prompt-history.ts'
import type {QueueActions} from './queue-overlay.ts'
import type {KeyPress} from './read-keys.ts'

export interface ComposerOptions {
  /** Where the session stands, once it is known. */
  session: () => SessionState | undefined
  history: PromptHistory
  words: readonly MenuWord[]
  /** See `CompletionOptions`. */
  listFolder: ((folder: string) => Promise<readonly string[]>) | undefined
  /** A prompt or a word was entered. */
  onSubmit: (text: string) => void
  /** Something else is written now, which is to be kept. What is written for a running program is not. */
  onChange: (text: string) => void
  /** Ctrl-C. `isEmpty`: nothing is written that could be lost. False: what is written is to be cleared. */
  onInterrupt: (isEmpty: boolean) => boolean
  /** Ctrl-D with nothing written. */
  onLeave: () => void
  /** For the program of that prompt. Never rejects. */
  onInput: (data: Uint8Array, promptId: string) => Promise<void>
  /** Whether the running program waits for a line of input. @default never known */
  isAsking?: () => boolean
  /** Whether the running program reads a secret, which is not to be seen while it is written. @default never known */
  isSecret?: () => boolean
  /** A key that means nothing here. With nothing written, it is asked first. True: it had a meaning. */
  onKey: (name: string, isEmpty: boolean) => boolean
  /** Something to be said, as long as it holds or until the next one. */
  onNotice: (text: string | undefined, options?: {forMs?: number}) => void
  queue: Omit<QueueActions, 'onEdit'>
}

/** What there is to draw. */
export interface ComposerView {
  draft: Draft
  /** `input`: what is written is for the running program. */
  mode: 'prompt' | 'input'
  /** What is written is not to be seen. */
  isSecret: boolean
  /** Above what is written. */
  overlay: OverlayView | undefined
  /** In one line, what a key would do now. */
  hint: string | undefined
}

/** Where prompts are written, and whatever is asked of the keyboard. */
export interface Composer {
  readonly view: ComposerView
  subscribe(listener: () => void): () => void
  press(key: KeyPress): void
  /** A text that was pasted. */
  paste(text: string): void
  /** So much was pasted that it was not kept, in UTF-16 units. */
  refusePaste(length: number): void
  /** A text comes before what is written meanwhile: what was kept, or was taken back. */
  restore(text: string): void
  /** The session has changed. */
  look(): void
  /** Puts an overlay in the place of the one that is open. */
  open(create: (host: OverlayHost) => Overlay): void
  /** Asks before something is done. */
  ask(question: Omit<ConfirmOptions, 'host'>): void
  /** Opens the prompts that wait; false: none does. */
  showQueue(): boolean
}

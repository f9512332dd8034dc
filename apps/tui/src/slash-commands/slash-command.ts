import type {Client, ClientSession} from '@holdfast/client'
import type {Composer} from '@holdfast/ink-composer'

import type {ScreenModel} from '../ui/screen-model.ts'

/**
 * A word for the screen itself, such as `/quit`. To add one: a file beside this one that exports it, and a row in
 * `words.ts`. The menu, the refusal of wrong use and the docs follow from it.
 */
export interface SlashCommand {
  name: `/${string}`
  /** What it does, in one line: `leaves; the session runs on`. */
  description: string
  /** What stands behind it; without one, nothing may. */
  argument?: SlashCommandArgument
  /** `argument`: what stands behind the word, without blanks at its ends; empty where nothing does. */
  run(context: SlashCommandContext, argument: string): void | Promise<void>
}

export interface SlashCommandArgument {
  /** As it is shown: `TITLE`, or `[WORD…]` where it may be left out. */
  shape: string
  /** What Tab offers, whole arguments; called as it is typed, so it has to be fast. */
  complete?(context: SlashCommandContext, argument: string): readonly string[]
}

/** What a word can do. */
export interface SlashCommandContext {
  client: Client
  /** The session that is open, once there is one. */
  session(): ClientSession | undefined
  /** The same, waited for. */
  opened(): Promise<ClientSession>
  /** Notices, remarks, and what is known of the session. */
  model: ScreenModel
  /** Its overlays: confirmations, pickers. */
  composer: Pick<Composer, 'ask' | 'open'>
  /** The folder of all state. */
  home: string
  /** All that there are. */
  commands: readonly SlashCommand[]
  /** Opens the queue's overlay; `false`: the queue is empty. */
  showQueue(): boolean
  /** Shows another session; the one that is shown goes on. Rejects when it cannot be opened. */
  openSession(wanted: WantedSession): Promise<void>
  /** Leaves the screen at once; what runs in the session runs on. */
  leave(): void
  /** Tries again to reach what is out of reach. */
  restart(): Promise<void>
  /** Moves what is on the screen to the scrollback. */
  clearScreen(): void
  /** Writes what is seen nowhere and moves no cursor, such as what a terminal is told. */
  writeToTerminal(text: string): void
  /** Says what went wrong. */
  tell(error: unknown): void
}

export type WantedSession =
  | {kind: 'there'; id: string}
  /** A new one, in the folder of the one that is shown. */
  | {kind: 'new'; title?: string}

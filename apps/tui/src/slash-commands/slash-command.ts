import type {Client, ClientSession} from '@holdfast/client'
import type {Composer} from '@holdfast/ink-composer'

import type {EventOfPrompt} from '../past-prompts/find-past-prompt.ts'
import type {AnswerPart} from '../ui/blocks/block.ts'
import type {FoundLine} from '../ui/past-prompts/past-prompt-overlay.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {ThemeSwitch} from './theme-switch.ts'

/**
 * A command for the screen itself, such as `/quit`. To add one: a file in `commands/` that exports it, a row in
 * `slash-commands.ts` and one in docs/command.md; menu, help and usage errors follow from it.
 */
export interface SlashCommand {
  name: `/${string}`
  /** What it does, in one line: `leaves; the session keeps running`. */
  description: string
  /** Its argument as menu and help show it: `TITLE`, or `[WORD…]` if it is optional. @default it takes none */
  argument?: string
  /** `argument`: the text after the name, trimmed. */
  run(context: SlashCommandContext, argument: string): void | Promise<void>
}

export interface SlashCommandGroup {
  title: string
  commands: readonly SlashCommand[]
}

/** What slash commands can use. */
export interface SlashCommandContext {
  client: Client
  /** The open session, once there is one. */
  session(): ClientSession | undefined
  /** Resolves with the open session. */
  opened(): Promise<ClientSession>
  /** Notices, blocks, and the state of the session. */
  model: ScreenModel
  /** Confirmations, pickers and drafts. */
  composer: Pick<Composer, 'ask' | 'open' | 'restore'>
  /** The folder that holds all state. */
  home: string
  /** Prints the answer to the command, below its line. */
  answer(text: string | readonly AnswerPart[]): void
  /** All slash commands. */
  commands: readonly SlashCommand[]
  /** The same, as `/help` lists them. */
  groups: readonly SlashCommandGroup[]
  /** Opens the queue's overlay; `false`: the queue is empty. */
  showQueue(): boolean
  pastPrompts: PastPromptPanel
  /** Opens another session; the current one keeps running. Rejects if it cannot be opened. */
  openSession(wanted: WantedSession): Promise<void>
  /** The command that prints a session, or its events after this one. */
  showCommand(sessionId: string, afterSeq?: number): string
  /** Leaves the screen; the session keeps running. */
  leave(): void
  /** Tries again to start the gateway or the session's host. */
  restart(): Promise<void>
  /** Moves the screen to the scrollback. */
  clearScreen(): void
  theme: ThemeSwitch
  /** Writes a sequence that neither prints nor moves the cursor. */
  writeToTerminal(text: string): void
  /** Reports an error to the user. */
  reportError(error: unknown): void
}

/** The panel of prompts that have ended in the open session. */
export interface PastPromptPanel {
  /** Opens it at the prompt that ended last. Rejects if the log cannot be read. */
  open(): Promise<void>
  /** Opens it at a line that was found. Resolves to `false` if its prompt has not ended, or never ran; rejects as `open`. */
  openAt(line: FoundLine & EventOfPrompt): Promise<boolean>
}

export type WantedSession =
  /** Of a closed session, what is around the event `seq`, or its end, is shown. */
  | {kind: 'existing'; id: string; seq?: number}
  /**
   * A new session. `agent`: a coding agent. @default the agent or the shell of the open session. `folder`: as a user writes it,
   * relative to the folder of the open session. @default that folder
   */
  | {kind: 'new'; agent?: string; folder?: string}

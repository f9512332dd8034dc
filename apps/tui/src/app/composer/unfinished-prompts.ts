import type {ClientSession} from '@holdfast/client'
import type {LoggedEvent} from '@holdfast/protocol'

import {askIncomplete} from '../../sessions/ask-incomplete.ts'
import {parseSlashCommand} from '../../slash-commands/parse-slash-command.ts'
import {slashCommands} from '../../slash-commands/slash-commands.ts'

export interface UnfinishedPromptsOptions {
  session: () => Pick<ClientSession, 'isIncomplete' | 'status'> | undefined
  /** Puts a text back into the draft. */
  restore: (text: string) => void
  setNotice: (notice: string) => void
}

/** Prompts that the shell would ask to go on, as with an open quote. */
export interface UnfinishedPrompts {
  /** Whether Enter begins a new line of the draft. Never rejects. */
  isIncomplete(text: string): boolean | Promise<boolean | string>
  /** The user has submitted a prompt. */
  submitted(promptId: string, text: string): void
  /** Takes a new event: a prompt of the user that turned out to be unfinished when it ran comes back. */
  takeEvent(event: LoggedEvent): void
}

/** More prompts than a queue has. */
const maxSubmitted = 1000

export function createUnfinishedPrompts({session, restore, setNotice}: UnfinishedPromptsOptions): UnfinishedPrompts {
  const submitted = new Map<string, string>()
  return {
    isIncomplete(text) {
      return parseSlashCommand(text, slashCommands).kind === 'prompt' && askIncomplete(session(), text)
    },
    submitted(promptId, text) {
      submitted.set(promptId, text)
      const [oldest] = submitted.keys()
      if (submitted.size > maxSubmitted && oldest !== undefined) submitted.delete(oldest)
    },
    takeEvent(event) {
      if (event.type !== 'message.complete') return
      const {prompt_id, reason} = event.payload
      const text = submitted.get(prompt_id)
      submitted.delete(prompt_id)
      if (text === undefined || reason !== 'incomplete-input') return
      setNotice('The command is unfinished: nothing of it has run')
      restore(text)
    },
  }
}

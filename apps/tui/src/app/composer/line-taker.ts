import {isRpcError, type ClientSession} from '@holdfast/client'
import {createPromptId, errorCodes} from '@holdfast/protocol'
import {agentAtWork} from '@holdfast/session-view'

import {parseSlashCommand} from '../../slash-commands/parse-slash-command.ts'
import type {SlashCommandContext} from '../../slash-commands/slash-command.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'
import {stopAnswer} from '../agent/stop-agent.ts'

export interface LineTakerOptions {
  context: Omit<SlashCommandContext, 'answer'>
  /** The condition under which the text is no secret; see `ClientSession.submit`. */
  hiddenAt: () => number | undefined
  /** This client may only look. */
  isReadOnly: () => boolean
  /** A prompt with this id is about to be submitted. */
  onPrompt: (promptId: string, text: string) => void
  /** Forgets a text that may be a secret. */
  forget: (text: string) => void
  /** Prompts wait for the user after a failure before them. */
  holdOnFailure: boolean
  /** Puts the text of a refused prompt back into the draft. */
  restore: (text: string) => void
}

/** How long the notice about a refused text is shown, ms. */
const noticeMs = 10_000

/**
 * Runs a slash command, or submits a prompt to the session that is open or being opened. `isNow`: it runs next, and the answer that the coding
 * agent gives meanwhile is stopped.
 */
export type LineTaker = (text: string, how?: {isNow: boolean}) => Promise<void>

export function createLineTaker({
  context,
  holdOnFailure,
  hiddenAt,
  isReadOnly,
  onPrompt,
  forget,
  restore,
}: LineTakerOptions): LineTaker {
  const {model, commands, opened} = context
  /** The line of the command stands before its first answer. */
  const answerTo = (line: string): SlashCommandContext['answer'] => {
    let command: string | undefined = line
    return (answer) => {
      const parts = typeof answer === 'string' ? [{text: answer}] : answer
      model.addBlock({kind: 'answer', parts, command})
      command = undefined
    }
  }
  return async (text, {isNow} = {isNow: false}) => {
    model.setNotice(undefined)
    const read = parseSlashCommand(text, commands, context.session()?.state.agent?.settings?.commands)
    if (read.kind === 'command') return await read.command.run({...context, answer: answerTo(text)}, read.argument)
    if (read.kind === 'refused') return model.setNotice(read.why)
    if (isReadOnly()) {
      restore(text)
      return model.setNotice('Read-only: to type here, connect with a credential that is not read-only')
    }
    const promptId = createPromptId()
    onPrompt(promptId, text)
    // What the screen showed at Enter counts: if it showed that nothing reads, the host refuses the prompt where a program does.
    const readsNothing = (model.snapshot.input ?? 'none') === 'none'
    const seen = {session: context.session(), hiddenAt: hiddenAt()}
    model.addUnsent(promptId, text)
    try {
      const session = await opened()
      // What was typed before the session was open was typed for none of its programs.
      const known = session === seen.session ? seen.hiddenAt : undefined
      await session.submit(text, {
        promptId,
        holdOnFailure,
        hiddenAt: known ?? session.hiddenAt,
        ...(readsNothing && {ifInput: 'none'}),
      })
      if (isNow) await runNext(session, promptId, model)
    } catch (error) {
      const code = isRpcError(error) ? error.code : undefined
      if (code === errorCodes.maybeSecret) {
        forget(text)
        return model.setNotice('The program hides what you type: your text was discarded, not queued. Type it again', {
          forMs: noticeMs,
        })
      }
      // A refused prompt is neither in the queue nor in the log.
      if (code !== undefined) restore(text)
      if (code === errorCodes.inputChanged)
        return model.setNotice('The program has begun to read: this was not queued. Enter again queues it', {
          forMs: noticeMs,
        })
      throw error
    } finally {
      model.removeUnsent(promptId)
    }
  }
}

/**
 * Moves a committed prompt to the front, and stops the answer that is in its way: of the prompt that ran before, never the answer to this
 * one. Each step is in the log: a crash in between leaves the prompt in the queue.
 */
async function runNext(
  session: Pick<ClientSession, 'state' | 'promote' | 'interrupt'>,
  promptId: string,
  model: Pick<ScreenModel, 'setStopping'>,
): Promise<void> {
  const before = agentAtWork(session.state)
  if (before?.prompt_id === promptId || !(await session.promote(promptId))) return
  if (before != null) await stopAnswer(session, before.prompt_id, model)
}

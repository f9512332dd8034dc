import {AGENT_METHODS, type ContentBlock} from '@agentclientprotocol/sdk'
import {findPeerGone, isRpcError, isSchemaError} from '@holdfast/rpc'

import {AcpError} from '../agent/acp-error.ts'
import {messageOf} from '../agent/message-of.ts'
import {type PromptPart, toContent} from '../prompt/to-content.ts'
import {AUTH_REQUIRED} from '../recovery/judge-restore.ts'
import {judgeStop, type PromptEnd} from '../recovery/judge-turn.ts'
import {promptEnded} from '../schema/answers.ts'
import type {ConversationEvent} from './conversation-event.ts'
import type {ConversationTiming} from './conversation.ts'
import type {AgentInstance} from './start-instance.ts'

export interface TurnOptions {
  prompt: string | readonly PromptPart[]
  current(signal: AbortSignal): Promise<AgentInstance>
  timing: ConversationTiming
  emit(event: ConversationEvent): void
  /** Records that the prompt is about to be sent. */
  send(instance: AgentInstance): void
  restart(reason: string): void
  /** Ends the tools that have not ended: their outcome is unknown, or nobody has allowed them to run. */
  cutShort(): {unknown: string[]; notRun: string[]}
  ended(): void
}

/** One prompt and its answer. */
export interface Turn {
  readonly promptId: string
  run(options: TurnOptions): Promise<PromptEnd>
  /** The agent has sent something. */
  heard(): void
  /** Always true. */
  cancel(): boolean
}

export function createTurn(promptId: string): Turn {
  const abort = new AbortController()
  let isCancelled = false
  let hasHeard = false
  /** Cancels at the agent, once the prompt was sent. */
  let cancelSent: (() => void) | undefined

  async function waitForAgent({
    prompt,
    current,
  }: TurnOptions): Promise<{instance: AgentInstance; content: ContentBlock[]}> {
    for (;;) {
      // Rejects when the attempts to start the agent are used up.
      const instance = await current(abort.signal)
      const {connection, opened} = instance
      const {image = false, embeddedContext = false} =
        connection.initialized.agentCapabilities?.promptCapabilities ?? {}
      const content = await toContent(prompt, {cwd: opened.session.cwd, accepts: {image, embeddedContext}})
      abort.signal.throwIfAborted()
      // It may have died while files were read: nothing was sent yet.
      if (instance.isOpen()) return {instance, content}
      await instance.closed
    }
  }

  async function sendAndWait(
    instance: AgentInstance,
    content: ContentBlock[],
    options: TurnOptions,
  ): Promise<PromptEnd> {
    const {connection, opened, questions, diagnostics} = instance
    const {timing, emit, send, restart} = options
    const {sessionId} = opened.session
    let cancelTimer: NodeJS.Timeout | undefined
    const silence = setInterval(() => {
      if (!hasHeard && questions.open.length === 0) emit({type: 'prompt.silent', promptId, ms: timing.silenceMs})
      hasHeard = false
    }, timing.silenceMs)
    cancelSent = () => {
      connection.notify(AGENT_METHODS.session_cancel, {sessionId})
      questions.cancelAll()
      cancelTimer ??= setTimeout(() => restart('it did not answer a cancelled prompt'), timing.cancelTimeoutMs)
    }
    const {rejections} = questions
    send(instance)
    try {
      const {stopReason} = await connection.request(
        AGENT_METHODS.session_prompt,
        {sessionId, prompt: content},
        {result: promptEnded},
      )
      return judgeStop(stopReason, {isCancelled, isRejected: questions.rejections > rejections})
    } catch (error) {
      const gone = findPeerGone(error)
      if (gone) {
        // The exit is reported before the end of the prompt.
        await instance.closed
        return isCancelled ? {kind: 'cancelled', sent: true} : {kind: 'interrupted', reason: gone.reason.message}
      }
      if (isSchemaError(error)) {
        diagnostics.report('answer', messageOf(error))
        return {kind: 'complete', stopReason: 'unknown'}
      }
      const code = isRpcError(error) ? error.code : -32_603
      return {kind: 'failed', code, message: messageOf(error), authRequired: code === AUTH_REQUIRED}
    } finally {
      cancelSent = undefined
      clearTimeout(cancelTimer)
      clearInterval(silence)
    }
  }

  return {
    promptId,
    async run(options) {
      const {emit, cutShort, ended} = options
      const ready = await waitForAgent(options).catch((error: unknown) => {
        if (isCancelled) return undefined
        throw error
      })
      if (ready && ready.content.length === 0) throw new AcpError('unreadable', 'The prompt is empty')
      const end: PromptEnd = ready
        ? await sendAndWait(ready.instance, ready.content, options)
        : {kind: 'cancelled', sent: false}
      const {unknown, notRun} = ready ? cutShort() : {unknown: [], notRun: []}
      if (unknown.length > 0) emit({type: 'tool.unknown', promptId, toolCallIds: unknown})
      if (notRun.length > 0) emit({type: 'tool.not-run', promptId, toolCallIds: notRun})
      ended()
      emit({type: 'prompt.end', promptId, end})
      return end
    },
    heard() {
      hasHeard = true
    },
    cancel() {
      isCancelled = true
      if (cancelSent) cancelSent()
      else abort.abort(new Error('The prompt was cancelled'))
      return true
    },
  }
}

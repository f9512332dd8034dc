import {defaultMaxOutputBytes, type NewEvent, type QueuedPrompt} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import type {Agent, PromptOutcome, PromptWatch} from '../agent/agent.ts'
import type {BackgroundOutput} from '../output/background-output.ts'
import {createBoundedOutput} from '../output/bounded-output.ts'
import type {AgentEvents} from './agent-events.ts'
import type {Approvals} from './approvals.ts'
import type {SessionAttachments} from './attachments.ts'
import type {PromptStdin} from './prompt-stdin.ts'
import type {ScreenRecording} from './screen-recording.ts'

export interface RunPromptOptions {
  agent: Agent
  approvals: Approvals
  attachments: SessionAttachments
  recording: ScreenRecording
  /** Texts for a coding agent in front of the prompt. */
  context: readonly string[]
  promptStdin: PromptStdin
  backgroundOutput: BackgroundOutput
  agentEvents: AgentEvents
  appendOutput: (event: NewEvent) => void
  /** Called when a question of the agent cannot be saved. */
  onFault: (error: unknown) => void
  /** A monotonic clock, ms. */
  now: () => number
}

/** Runs one prompt. When this resolves, all of its output is appended. Never rejects: an error of the agent is a failed prompt. */
export async function runPrompt(
  {prompt_id: promptId, text, max_output_bytes, stdin, plain}: QueuedPrompt,
  options: RunPromptOptions,
): Promise<{outcome: PromptOutcome; durationMs: number}> {
  const {agent, approvals, attachments, recording, context, promptStdin, backgroundOutput, agentEvents} = options
  const {appendOutput, onFault, now} = options
  let startedAt = now()
  const output = createBoundedOutput({
    maxBytes: max_output_bytes === undefined ? defaultMaxOutputBytes : (max_output_bytes ?? Infinity),
    onBatch: (batch) => appendOutput({type: 'message.delta', payload: {prompt_id: promptId, ...batch}}),
    onElided: (bytes) => appendOutput({type: 'output.elided', payload: {prompt_id: promptId, bytes}}),
    onFull: () => appendOutput({type: 'note', payload: {text: fullNote, level: 'warning'}}),
  })
  const drawn = recording.createDrawn()
  const commit = () => {
    output.commit()
    drawn.commit()
  }
  const draw = (data: Uint8Array) => {
    if (!recording.isOn || data.length === 0) return
    output.commit()
    drawn.add(data)
  }
  const onApproval: PromptWatch['onApproval'] = (question) => {
    try {
      approvals.ask(promptId, question)
    } catch (error) {
      // The agent must know that nobody will answer.
      if (isRpcError(error)) throw error
      onFault(error)
    }
  }
  const onOutput: PromptWatch['onOutput'] = (data) => {
    backgroundOutput.end()
    for (const part of attachments.take(data)) {
      if (part.isAlternate) draw(part.data)
      else {
        drawn.flush()
        output.add(part.data)
      }
    }
  }
  const onText: PromptWatch['onText'] = (said) => {
    backgroundOutput.end()
    output.add(Buffer.from(said))
  }
  approvals.begin()
  if (stdin === 'pipe') promptStdin.begin(promptId)
  if (agent.hasTerminal?.(text) !== false) attachments.beginPrompt(promptId, {flush: commit, drawn})
  agentEvents.beginPrompt(promptId, commit)
  const outcome = await agent
    .prompt(
      text,
      {onStart: () => (startedAt = now()), onOutput, onText, onApproval},
      {promptId, context, stdin, onStdin: promptStdin.open, isPlain: plain},
    )
    .catch((error: unknown): PromptOutcome => ({status: 'failed', reason: describe(error)}))
  const {isCut} = promptStdin.close()
  backgroundOutput.end()
  draw(attachments.takeRest())
  drawn.end()
  output.flush()
  agentEvents.endPrompt()
  await attachments.endPrompt()
  return {outcome: isCut ? {...outcome, isStdinCut: true} : outcome, durationMs: now() - startedAt}
}

const fullNote =
  'This prompt has printed more than the log keeps. Of the rest, only the end is kept; it is shown when the prompt ends'

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import * as z from 'zod/mini'

import {agentStateSchema, reduceAgent} from './agent-state.ts'
import {
  approvalSchema,
  maxOutputBytesSchema,
  sessionInfoSchema,
  stdinSchema,
  type SessionEvent,
  type SessionInfo,
} from './events.ts'
import {lazily} from './lazily.ts'

const queuedPromptSchema = lazily(() =>
  z.object({
    prompt_id: z.string(),
    text: z.string(),
    max_output_bytes: z.optional(maxOutputBytesSchema()),
    /** It is held where a command before it fails. */
    hold_on_failure: z.optional(z.boolean()),
    /** It waits for a user: see `SessionState.held`. */
    held: z.optional(z.boolean()),
    stdin: z.optional(stdinSchema()),
    plain: z.optional(z.boolean()),
    /** See the event `prompt.queued`. */
    by: z.optional(z.string()),
  }),
)

/** The state of a session: its events, reduced. It contains no output, so it does not grow with the session. */
export const sessionStateSchema = lazily(() =>
  z.object({
    session_id: z.string(),
    info: sessionInfoSchema(),
    /** The beginning of the first prompt, at most 80 characters. */
    first_prompt: z.optional(z.string()),
    /** Time of the last use, epoch milliseconds. Neither output nor closing the session is use. */
    updated_at: z.number(),
    /** `started_at`: epoch milliseconds. */
    running: z.nullable(z.extend(queuedPromptSchema(), {started_at: z.number()})),
    /** The waiting prompts; the first that is not held runs next. */
    queue: z.array(queuedPromptSchema()),
    /** Why prompts of the queue are held: see the event `queue.held`. `null`: none is. */
    held: z._default(z.nullable(z.object({reason: z.string(), text: z.optional(z.string())})), null),
    /** Text that the user typed but did not submit. */
    draft: z._default(z.string(), ''),
    /** The agent's unanswered questions. */
    approvals: z._default(z.array(approvalSchema()), []),
    /** Left out in a session without a coding agent. */
    agent: z.optional(agentStateSchema()),
    /** `null` while the session is open. */
    closed: z.nullable(z.object({reason: z.string()})),
  }),
)
export type SessionState = z.infer<ReturnType<typeof sessionStateSchema>>
export type QueuedPrompt = z.infer<ReturnType<typeof queuedPromptSchema>>

/**
 * The state after one more event. Pure: the same input gives the same result, and an event that changes nothing returns the
 * same object. Throws where the first event of a session is not `session.info`.
 */
export function reduceSession(state: SessionState | undefined, event: SessionEvent): SessionState {
  if (state === undefined) {
    if (event.type !== 'session.info') {
      throw new Error(`Expected event 1 of session ${event.session_id} to be \`session.info\`, got \`${event.type}\``)
    }
    const {session_id, at, payload} = event
    return {
      session_id,
      info: withoutBy(payload),
      updated_at: at,
      running: null,
      queue: [],
      held: null,
      draft: '',
      approvals: [],
      closed: null,
    }
  }
  const agent = reduceAgent(state.agent, event)
  const changes = reduceOpen(state, event)
  // What an agent does by itself is no use.
  if (changes === undefined) return agent === state.agent ? state : {...state, agent}
  if (agent !== state.agent) changes.agent = agent
  if (state.held !== null && changes.queue?.some(({held}) => held) === false) changes.held = null
  return {...state, ...changes, updated_at: event.type === 'session.closed' ? state.updated_at : event.at}
}

function reduceOpen(state: SessionState, event: SessionEvent): Partial<SessionState> | undefined {
  switch (event.type) {
    case 'session.info':
      return {info: withoutBy(event.payload)}
    case 'session.closed':
      return {closed: {reason: event.payload.reason}, running: null, queue: [], approvals: []}
    case 'prompt.queued': {
      const {prompt_id, text, max_output_bytes, hold_on_failure, stdin, plain, by} = event.payload
      const how = {
        ...(max_output_bytes !== undefined && {max_output_bytes}),
        ...(hold_on_failure !== undefined && {hold_on_failure}),
        ...(stdin !== undefined && {stdin}),
        ...(plain !== undefined && {plain}),
        ...(by !== undefined && {by}),
      }
      // The client clears the draft that it submits, unless it crashes first.
      const draft = state.draft.trim() === text.trim() ? '' : state.draft
      const first = state.first_prompt === undefined ? {first_prompt: beginningOf(text)} : {}
      return {queue: [...state.queue, {prompt_id, text, ...how}], draft, ...first}
    }
    case 'prompt.updated':
      return {queue: updateQueue(state.queue, event.payload)}
    case 'queue.held': {
      const {all = false, ...held} = event.payload
      return {
        queue: state.queue.map((waiting) =>
          all || waiting.hold_on_failure === true ? {...waiting, held: true} : waiting,
        ),
        held,
      }
    }
    case 'queue.continued':
      return {queue: state.queue.map((waiting) => ({...waiting, held: undefined})), held: null}
    case 'draft.updated':
      return {draft: event.payload.text}
    case 'approval.request': {
      const {approval_id, prompt_id, title, choices, tool_call_id} = event.payload
      // An agent that is asked again after a crash may repeat its question.
      const others = state.approvals.filter((asked) => asked.approval_id !== approval_id)
      const about = tool_call_id === undefined ? {} : {tool_call_id}
      return {approvals: [...others, {approval_id, prompt_id, title, choices, ...about}]}
    }
    case 'approval.resolved':
    case 'approval.withdrawn':
      return {approvals: state.approvals.filter(({approval_id}) => approval_id !== event.payload.approval_id)}
    case 'message.start': {
      const {prompt_id, text, by} = event.payload
      return {
        running: {prompt_id, text, ...(by !== undefined && {by}), started_at: event.at},
        queue: state.queue.filter((queued) => queued.prompt_id !== prompt_id),
      }
    }
    case 'message.complete': {
      const {prompt_id} = event.payload
      return {
        running: state.running?.prompt_id === prompt_id ? null : state.running,
        queue: state.queue.filter((queued) => queued.prompt_id !== prompt_id),
        // The agent no longer waits for the answers.
        approvals: state.approvals.filter((approval) => approval.prompt_id !== prompt_id),
      }
    }
    // Output, and what only the transcript shows.
    default:
      return undefined
  }
}

/** Who changed the session belongs to that change, not to those after it. */
function withoutBy(info: SessionInfo): SessionInfo {
  if (info.by === undefined) return info
  const rest = {...info}
  delete rest.by
  return rest
}

/** The first 80 characters of a prompt, which may have megabytes. Pure. */
export function beginningOf(text: string): string {
  return Array.from(text.trimStart().slice(0, 160)).slice(0, 80).join('')
}

/** The title of a session in lists: untitled sessions of one folder differ in their first prompt. */
export function listedTitle({info, first_prompt}: Pick<SessionState, 'info' | 'first_prompt'>): string {
  return (info.untitled === true && first_prompt) || info.title
}

function updateQueue(
  queue: readonly QueuedPrompt[],
  {prompt_id, text, position}: {prompt_id: string; text?: string | undefined; position?: number | undefined},
): QueuedPrompt[] {
  const at = queue.findIndex((queued) => queued.prompt_id === prompt_id)
  const found = queue[at]
  if (found === undefined) return [...queue]
  const others = queue.toSpliced(at, 1)
  // A user has said that it runs next, whatever becomes of the running command.
  const kept = position === undefined ? found : {...found, held: undefined, hold_on_failure: undefined}
  return others.toSpliced(position ?? at, 0, {...kept, ...(text === undefined ? {} : {text})})
}

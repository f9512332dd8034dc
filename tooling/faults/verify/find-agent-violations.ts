import type {SessionEvent} from '@holdfast/protocol'

import type {Facts} from './facts.ts'

type AgentFacts = Pick<Facts, 'log' | 'faulted' | 'finished' | 'interrupted'>

/** What holds for sessions with a coding agent, beside what holds for all sessions. */
export const agentChecks = {
  /** A prompt is `complete` only if the agent has answered it to its end. */
  finished({log, finished}: AgentFacts): string[] {
    return log.flatMap((event) => {
      if (event.type !== 'message.complete' || event.payload.status !== 'complete') return []
      const {prompt_id, reason} = event.payload
      if (finished.has(prompt_id) && reason === undefined) return []
      return [`Expected the agent to have finished ${prompt_id}, which is \`complete\`${reason ? `: ${reason}` : ''}`]
    })
  },

  /** An interrupted prompt names what interrupted it. */
  reasons({log, faulted, interrupted}: AgentFacts): string[] {
    return log.flatMap((event) => {
      if (event.type !== 'message.complete' || event.payload.status !== 'interrupted') return []
      const {prompt_id, reason = 'nothing'} = event.payload
      const happened: Readonly<Record<string, boolean>> = {
        user: interrupted.has(prompt_id),
        'agent-died': faulted.has('agent'),
        'host-died': faulted.has('host'),
        'host-ended': faulted.has('host'),
      }
      return happened[reason] === true ? [] : [`Expected another reason for the end of ${prompt_id}, found ${reason}`]
    })
  },

  /** No question is open once its prompt has ended or its agent is gone, and no tool seems to run once its prompt has ended. */
  open({log}: AgentFacts): string[] {
    // Not by the reduced state: in that, the end of a prompt ends its questions.
    const questions = new Map<string, string>()
    const running = new Map<string, string>()
    return log.flatMap((event) => {
      const {seq} = event
      if (event.type === 'approval.request') questions.set(event.payload.approval_id, event.payload.prompt_id)
      if (event.type === 'approval.resolved' || event.type === 'approval.withdrawn') {
        questions.delete(event.payload.approval_id)
      }
      if (event.type === 'tool.call' || event.type === 'tool.update') {
        const {prompt_id, tool_call_id, status} = event.payload
        if (status === 'pending' || status === 'in_progress') running.set(tool_call_id, prompt_id)
        else if (status !== undefined) running.delete(tool_call_id)
      }
      if (event.type !== 'message.complete' && event.type !== 'agent.exited') return []
      const ended = event.type === 'message.complete' ? event.payload.prompt_id : undefined
      const asking = [...questions].filter(([, prompt]) => ended === undefined || prompt === ended)
      const tools = [...running].filter(([, prompt]) => prompt === ended)
      return [
        ...asking.map(([id]) => `Expected no open question after seq ${seq}, found ${id}`),
        ...tools.map(([id]) => `Expected the outcome of each tool after seq ${seq}, found ${id} still running`),
      ]
    })
  },

  /** The agent keeps its session, once something was said in it, and none of it is replayed into the log. */
  agentSession({log}: AgentFacts): string[] {
    const sessions = log.flatMap((event) => (event.type === 'agent.session' ? [event] : []))
    const used = sessions.find(({payload}) => payload.prompts > 0)
    const others =
      used === undefined ? [] : sessions.filter(({seq, payload}) => seq > used.seq && payload.id !== used.payload.id)
    return [
      ...others.map(({seq}) => `Expected the agent to keep its session, found another one at seq ${seq}`),
      ...log
        .filter(({payload}) => JSON.stringify(payload).includes('replayed answer'))
        .map(({seq}) => `Expected nothing of a replay in the log, found it at seq ${seq}`),
    ]
  },

  /** The agent is not said to have forgotten prompts that it has answered. */
  missing({log, finished}: AgentFacts): string[] {
    const ended = (before: SessionEvent) =>
      log.filter(
        ({seq, type, payload}) => seq < before.seq && type === 'message.complete' && finished.has(payload.prompt_id),
      )
    let sent = 0
    return log.flatMap((event) => {
      if (event.type === 'agent.session') sent = event.payload.prompts
      if (event.type !== 'agent.ready' || event.payload.missing === undefined) return []
      const most = sent - ended(event).length
      if (event.payload.missing <= most) return []
      return [`Expected at most ${most} missing prompts at seq ${event.seq}, found ${event.payload.missing}`]
    })
  },
}

import type {Content, ConversationEvent, Initialized, Survivor} from '@holdfast/acp'
import {type AgentState, type EventPayload, maxAgentEventBytes, type NewEvent, textBytes} from '@holdfast/protocol'

import {toTool} from './to-tool.ts'

/** Where what an agent does goes. */
export interface Reports {
  /** What the agent says. */
  say(text: string): void
  think(text: string, promptId: string): void
  /** Anything else for the log. */
  log(event: NewEvent): void
  title(title: string): void
  /** What can be set at the agent has changed. */
  settingsChanged(): void
}

/** Survivors beyond these are not listed. */
const maxSurvivors = 100

/** An error is shown on a line or two, characters. */
const maxErrorLength = 1000

/**
 * Reports one event of a conversation, except for questions. `initialized`: what the agent that runs has said about itself, with
 * its pid. `by`: the client that does something to the agent at this moment.
 */
export function reportEvent(
  event: ConversationEvent,
  {say, think, log, title, settingsChanged}: Reports,
  initialized: {agent: Initialized | undefined; pid: number | undefined; by?: string | undefined},
): void {
  switch (event.type) {
    case 'message':
      if (event.from === 'agent') return reportMessage(event.content, event.promptId, {say, log})
      return logAsItCame(event, log)
    case 'thought':
      if (event.content.type === 'text' && event.promptId !== undefined)
        return think(event.content.text, event.promptId)
      return logAsItCame(event, log)
    case 'tool':
    case 'tool.update': {
      if (event.promptId === undefined) return logAsItCame(event, log)
      const type = event.type === 'tool' ? 'tool.call' : 'tool.update'
      return log({type, payload: toTool(event.promptId, event.tool)})
    }
    case 'tool.unknown':
    case 'tool.not-run': {
      const status = event.type === 'tool.unknown' ? 'unknown' : 'not_run'
      for (const tool_call_id of event.toolCallIds) {
        log({type: 'tool.update', payload: {prompt_id: event.promptId, tool_call_id, status}})
      }
      return
    }
    case 'plan':
      if (event.promptId === undefined) return logAsItCame(event, log)
      return log({type: 'plan.updated', payload: {prompt_id: event.promptId, entries: event.entries}})
    case 'commands':
    case 'mode':
    case 'options':
      return settingsChanged()
    case 'title':
      return event.title == null ? undefined : title(event.title)
    case 'usage': {
      const {used, size, cost} = event
      return log({type: 'agent.usage', payload: {used, size, ...(cost && {cost})}})
    }
    case 'notice': {
      const text = [event.title, ...(event.description === undefined ? [] : [event.description])].join(': ')
      return log({type: 'note', payload: {text, level: event.severity === 'info' ? 'info' : 'warning'}})
    }
    case 'compaction':
      if (event.status !== 'completed') return logAsItCame(event, log)
      return note('The agent has summarized the conversation so far, to make room', log)
    case 'compaction.summary':
      return logAsItCame(event, log)
    case 'other':
      return log({type: 'agent.update', payload: {update: bounded(event.update)}})
    case 'session.new':
    case 'session.restored': {
      const {sessionId: id, cwd, prompts} = event.session
      log({type: 'agent.session', payload: {id, cwd, prompts}})
      settingsChanged()
      if (event.settings.title !== undefined) title(event.settings.title)
      const {name, version} = initialized.agent?.agentInfo ?? {}
      const known = {...(name !== undefined && {name}), ...(version !== undefined && {version})}
      const process = initialized.pid === undefined ? {} : {pid: initialized.pid}
      const missing = event.type === 'session.restored' && event.missing > 0 ? {missing: event.missing} : {}
      const by = event.type === 'session.new' ? 'new' : event.by
      return log({type: 'agent.ready', payload: {...known, ...process, by, ...missing}})
    }
    case 'prompt.sent': {
      const {sessionId: id, cwd, prompts} = event.session
      return log({type: 'agent.session', payload: {id, cwd, prompts}})
    }
    case 'prompt.silent': {
      const minutes = Math.round(event.ms / 60_000)
      return note(`The agent has sent nothing for ${minutes} min. It may still be at work; Ctrl-C interrupts it`, log)
    }
    case 'agent.exit': {
      const requested = event.requested ? {requested: true as const, by: initialized.by} : {}
      const payload = {...requested, reason: event.reason.message, ...toSurvivors(event.survivors)}
      return log({type: 'agent.exited', payload})
    }
    case 'agent.recovering': {
      if (event.error === undefined) return
      const {attempt, of} = event
      const text = `The agent could not be started: ${event.error.slice(0, maxErrorLength)}. Attempt ${attempt} of ${of} follows`
      return log({type: 'note', payload: {text, level: 'warning'}})
    }
    case 'agent.gave-up': {
      const error = event.error === undefined ? {} : {error: event.error.slice(0, maxErrorLength)}
      const methods = event.code === 'auth-required' ? {auth_methods: toAuthMethods(initialized.agent)} : {}
      const reason =
        event.code === 'auth-required' ? 'login-required' : event.code === 'not-restored' ? 'not-restored' : 'gave-up'
      return log({type: 'agent.unavailable', payload: {reason, ...error, ...methods}})
    }
    case 'diagnostic':
      return log({type: 'agent.diagnostic', payload: {about: event.about, message: event.message}})
    case 'file.written':
      return log({type: 'file.written', payload: {path: event.path}})
    // What they tell is in other events.
    case 'agent.start':
    case 'agent.ready':
    case 'session.not-restored':
    case 'prompt.end':
    case 'question':
    case 'question.end':
      return
  }
}

/** The first of the processes that an agent has left running. */
export function toSurvivors(all: readonly Survivor[]): Pick<EventPayload<'agent.exited'>, 'survivors'> {
  const survivors = all.slice(0, maxSurvivors).map(({pid, program}) => ({pid, program}))
  return survivors.length > 0 ? {survivors} : {}
}

function note(text: string, log: Reports['log']): void {
  log({type: 'note', payload: {text, level: 'info'}})
}

function reportMessage(content: Content, promptId: string | undefined, {say, log}: Pick<Reports, 'say' | 'log'>): void {
  if (content.type === 'text') return say(content.text)
  if (promptId === undefined) return logAsItCame({type: 'message', content}, log)
  const value = content.type === 'other' ? content.value : content
  log({type: 'message.content', payload: {prompt_id: promptId, content: bounded(value) as {type: string}}})
}

function logAsItCame({...update}: object, log: Reports['log']): void {
  log({type: 'agent.update', payload: {update: bounded(update)}})
}

/** The strings of a value that is too large, such as the data of an image, are left out. */
function bounded(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const bytes = textBytes(JSON.stringify(value))
  if (bytes <= maxAgentEventBytes) return {...value}
  const short = Object.entries(value).filter(([, part]) => textBytes(JSON.stringify(part) ?? '') < 4096)
  return {...Object.fromEntries(short), elided_bytes: bytes}
}

function toAuthMethods(agent: Initialized | undefined): NonNullable<AgentState['unavailable']>['auth_methods'] {
  return agent?.authMethods.slice(0, 20).map(({id, name, description, type, args}) => ({
    id,
    name,
    ...(description !== undefined && {description: description.slice(0, maxErrorLength)}),
    ...(type === 'terminal' && args && {args}),
  }))
}

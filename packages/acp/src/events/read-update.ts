import type {SessionUpdate} from '@agentclientprotocol/sdk'
import * as z from 'zod'

import {contentBlock, optional} from '../schema/content.ts'
import {commands, configOptions} from '../schema/session-settings.ts'
import {toolCall} from '../schema/tool-call.ts'
import type {UpdateEvent} from './update-events.ts'

export type ReadUpdate = {sessionId: string; event: UpdateEvent} | {sessionId?: string; problem: string}

const notification = z.object({sessionId: z.string(), update: z.looseObject({sessionUpdate: z.string()})})
const chunk = z.object({content: contentBlock, messageId: optional(z.string())})
const plan = z.object({
  entries: z.array(z.object({content: z.string(), priority: z.string(), status: z.string()})),
})
const usage = z.object({
  used: z.number(),
  size: z.number(),
  cost: optional(z.object({amount: z.number(), currency: z.string()})),
})
const notice = z.object({severity: z.string(), title: z.string(), description: optional(z.string())})
const compaction = z.object({compactionId: z.string(), status: z.string(), error: optional(z.string())})
const info = z.object({title: z.string().nullish(), updatedAt: z.string().nullish()})

type Reader = (update: unknown) => {event: UpdateEvent} | {problem: string}

function reader<Schema extends z.ZodType>(schema: Schema, toEvent: (update: z.infer<Schema>) => UpdateEvent): Reader {
  return (update) => {
    const result = schema.safeParse(update)
    return result.success ? {event: toEvent(result.data)} : {problem: describeIssues(result.error)}
  }
}

/** The types of the SDK see to it that each kind of the protocol has a reader. */
const readers: Readonly<Record<SessionUpdate['sessionUpdate'], Reader>> = {
  agent_message_chunk: reader(chunk, (update) => ({type: 'message', from: 'agent', ...update})),
  user_message_chunk: reader(chunk, (update) => ({type: 'message', from: 'user', ...update})),
  agent_thought_chunk: reader(chunk, (update) => ({type: 'thought', ...update})),
  tool_call: reader(toolCall, (tool) => ({type: 'tool', tool})),
  tool_call_update: reader(toolCall, (tool) => ({type: 'tool.update', tool})),
  plan: reader(plan, ({entries}) => ({type: 'plan', entries})),
  available_commands_update: reader(z.object({availableCommands: commands}), ({availableCommands}) => ({
    type: 'commands',
    commands: availableCommands,
  })),
  current_mode_update: reader(z.object({currentModeId: z.string()}), ({currentModeId}) => ({
    type: 'mode',
    modeId: currentModeId,
  })),
  config_option_update: reader(z.object({configOptions}), (update) => ({
    type: 'options',
    options: update.configOptions,
  })),
  session_info_update: reader(info, (update) => ({type: 'title', ...update})),
  usage_update: reader(usage, (update) => ({type: 'usage', ...update})),
  notice: reader(notice, (update) => ({type: 'notice', ...update})),
  compaction_update: reader(compaction, (update) => ({type: 'compaction', ...update})),
  compaction_summary_chunk: reader(z.object({compactionId: z.string(), content: contentBlock}), (update) => ({
    type: 'compaction.summary',
    ...update,
  })),
}

/** Reads the params of a `session/update`. An update of a kind that is not known becomes an event with the update as it came. */
export function readUpdate(params: unknown): ReadUpdate {
  const outer = notification.safeParse(params)
  if (!outer.success) return {problem: describeIssues(outer.error)}
  const {sessionId, update} = outer.data
  const kind = update.sessionUpdate
  if (!Object.hasOwn(readers, kind)) return {sessionId, event: {type: 'other', update}}
  const read = readers[kind as keyof typeof readers](update)
  return 'event' in read ? {sessionId, event: read.event} : {sessionId, problem: `${kind}: ${read.problem}`}
}

/** The first three issues, in one line without the values. */
export function describeIssues(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map(({path, message}) => `${message} at \`${path.join('.')}\``)
  return issues.join('; ')
}

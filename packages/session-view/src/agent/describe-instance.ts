import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import type {AgentLine} from './agent-line.ts'

/** How an agent ended, and what it left running. Pure. */
export function describeExited({requested, reason, survivors = []}: EventPayload<'agent.exited'>): AgentLine[] {
  const left = survivors.map(({pid, program}) => `${toPlainLine(program)} (process ${pid})`).join(', ')
  const running: AgentLine[] = left === '' ? [] : [{tone: 'warning', text: `It left running: ${left}.`}]
  if (requested === true)
    return [{tone: 'detail', text: 'The agent has ended. It comes back with the next prompt.'}, ...running]
  return [{tone: 'warning', text: `The agent died: ${toPlainLine(reason)}.`}, ...running]
}

/** That an agent is there again, and what it has forgotten. `isNew`: nobody has told it anything before. Pure. */
export function describeReady({by, missing}: EventPayload<'agent.ready'>, isNew: boolean): AgentLine[] {
  if (by === 'new')
    return isNew
      ? []
      : [{tone: 'warning', text: 'The agent has begun a new session: it knows nothing of what was said before.'}]
  if (missing === undefined) return [{tone: 'detail', text: 'The agent is back.'}]
  const prompts = missing === 1 ? '1 prompt' : `${missing} prompts`
  return [{tone: 'warning', text: `The agent is back, but may have forgotten ${prompts}: it did not repeat them.`}]
}

const reasons: Readonly<Record<EventPayload<'agent.unavailable'>['reason'], string>> = {
  'gave-up': 'The agent died or could not be started, again and again',
  'not-restored': 'The agent did not bring its session back',
  'login-required': 'The agent wants you to log in first',
}

const remedies: Readonly<Record<EventPayload<'agent.unavailable'>['reason'], string>> = {
  'gave-up': '/agent retry starts it again.',
  'not-restored': '/agent retry tries again; /agent fresh begins anew, and the agent knows nothing of what was said.',
  'login-required': 'Then /agent retry starts it again.',
}

/** Why no agent answers, and what to do. Pure. */
export function describeUnavailable({
  reason,
  error,
  auth_methods: methods = [],
}: EventPayload<'agent.unavailable'>): AgentLine[] {
  const why = error === undefined ? '' : `: ${toPlainLine(error).replace(/\.$/, '')}`
  const ways = methods.map(({id, name, description, args}) => {
    const how = args === undefined ? `/agent login ${id}` : `run the agent in a terminal with \`${args.join(' ')}\``
    const what = description === undefined ? name : `${name}, ${description}`
    return toPlainLine(`${how}: ${what}`)
  })
  const texts = [`${reasons[reason]}${why}.`, ...ways.map((way) => `  ${way}`), remedies[reason]]
  return texts.map((text) => ({tone: 'warning', text}))
}

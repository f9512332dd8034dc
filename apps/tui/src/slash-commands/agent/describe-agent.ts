import {describeKey, withKey, type KeyBindings} from '@holdfast/ink-composer'
import type {AgentState, SessionState} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'
import {agentAtWork} from '@holdfast/session-view'

/** The agent of a session in words, a line for each fact. Pure. */
export function describeAgent(
  name: string,
  agent: AgentState,
  {running, approvals, info}: SessionState,
  bindings: KeyBindings,
  showFolder: (folder: string) => string,
): string[] {
  const {settings, usage, session} = agent
  const open = withKey(`${approvals.length} open`, describeKey(bindings, 'ctrl-t', 'answers'))
  const facts: (readonly [string, string | undefined])[] = [
    ['Agent', [name, describeProgram(agent)].filter((part) => part !== '').join(' · ')],
    ['State', describeState(agent, {isRunning: agentAtWork({info, running}) !== undefined})],
    ['Model', describeSetting(settings?.model)],
    ['Mode', describeSetting(settings?.mode)],
    ['Context', usage === undefined ? undefined : describeUsage(usage)],
    [
      'Memory',
      session === undefined ? undefined : `${session.prompts} ${session.prompts === 1 ? 'prompt' : 'prompts'}`,
    ],
    ['Folder', showFolder(session?.cwd ?? info.cwd)],
    ['Questions', approvals.length === 0 ? undefined : open],
  ]
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [`${label.padEnd(11)}${toPlainLine(value)}`]))
}

/** What it calls itself. */
function describeProgram({name, version}: AgentState): string {
  return [name, version].filter((part) => part !== undefined).join(' ')
}

function describeState({is_ready, unavailable, session}: AgentState, {isRunning}: {isRunning: boolean}): string {
  if (unavailable !== undefined) return describeUnavailable(unavailable)
  if (is_ready) return isRunning ? 'works on a prompt' : 'ready'
  if (isRunning) return 'starts'
  return session === undefined ? 'not started: the next prompt starts it' : 'ended: the next prompt brings it back'
}

/** Why no agent answers, and what to do. */
function describeUnavailable({reason, error}: NonNullable<AgentState['unavailable']>): string {
  const why = error === undefined ? '' : `: ${error.replace(/\.$/, '')}`
  switch (reason) {
    case 'login-required':
      return `needs a login${why}. /agent login lists the ways`
    case 'not-restored':
      return `did not bring its session back${why}. /agent retry tries again; /agent fresh begins a new one, which knows nothing of this one`
    case 'gave-up':
      return `not running${why}. /agent retry starts it again`
  }
}

function describeSetting(setting: NonNullable<AgentState['settings']>['mode']): string | undefined {
  if (setting === undefined) return undefined
  const {current, choices} = setting
  return choices.find(({id}) => id === current)?.name ?? current
}

/** `12,000 of 200,000 tokens (6 %) · 0.31 USD`; pure. */
export function describeUsage({used, size, cost}: NonNullable<AgentState['usage']>): string {
  const share = size > 0 ? ` (${Math.round((100 * used) / size)} %)` : ''
  const price = cost === undefined ? '' : ` · ${cost.amount.toFixed(2)} ${toPlainLine(cost.currency)}`
  return `${used.toLocaleString('en')} of ${size.toLocaleString('en')} tokens${share}${price}`
}

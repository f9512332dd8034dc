import {describeKey} from '@holdfast/ink-composer'
import {policyAnswers, type PermissionPolicy, type PolicyAnswer} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import {toolKinds} from '../../settings/agent-settings.ts'
import {findSettingsFile} from '../../settings/find-settings-file.ts'
import {readSettings} from '../../settings/read-settings.ts'
import {agentSession, listChoices} from '../agent/agent-session.ts'
import type {SlashCommand} from '../slash-command.ts'

export const approvals: SlashCommand = {
  name: '/approvals',
  description: 'shows open questions of the agent and what is allowed without asking, or changes that',
  argument: '[KIND ANSWER]',
  async run(context, argument) {
    const found = await agentSession(context)
    if (found === undefined) return
    const {session, agent} = found
    const {model} = context
    const policy = agent.policy ?? {}
    if (argument === '') {
      const isLocal = model.snapshot.machine === undefined
      const settings = isLocal ? readSettings(findSettingsFile()).settings.permissions : undefined
      const answers = describeKey(model.snapshot.bindings, 'ctrl-t', 'answers')
      const questions = session.state.approvals.map(({title}) => title)
      return context.answer(describeApprovals(questions, policy, settings, answers).join('\n'))
    }
    const [kind = '', answer = '', ...more] = argument.split(/\s+/)
    const isKind = (toolKinds as readonly string[]).includes(kind)
    if (!isKind) return model.setNotice(`Expected a kind of tool: ${listChoices(toolKinds)}, got \`${kind}\``)
    if (!isAnswer(answer) || more.length > 0)
      return model.setNotice(`Expected \`/approvals ${kind}\` and ${listChoices(policyAnswers)}, got \`${argument}\``)
    await session.setPolicy({...policy, [kind]: answer})
    model.setNotice(`From now on, in this session: \`${kind}\` ${effects[answer]}`)
  },
}

const effects: Readonly<Record<PolicyAnswer, string>> = {
  ask: 'is asked',
  allow: 'is allowed without asking',
  reject: 'is rejected without asking',
}

function isAnswer(text: string): text is PolicyAnswer {
  return (policyAnswers as readonly string[]).includes(text)
}

/** `settings`: the policy of the settings file, if this machine has it. `answers`: what the key does. Pure. */
function describeApprovals(
  questions: readonly string[],
  policy: PermissionPolicy,
  settings: PermissionPolicy | undefined,
  answers: string | undefined,
): string[] {
  const open =
    questions.length === 0
      ? ['No question of the agent is open.']
      : [`Open${answers === undefined ? '' : ` (${answers})`}:`, ...questions.map((title) => `  ${toPlainLine(title)}`)]
  const rows = toolKinds.map((kind) => {
    if (policy[kind] !== undefined) return `  ${kind.padEnd(8)}${policy[kind].padEnd(8)}set in this session`
    if (settings?.[kind] !== undefined) return `  ${kind.padEnd(8)}${settings[kind].padEnd(8)}set in the settings`
    return `  ${kind.padEnd(8)}${settings === undefined ? 'as the settings of the host say' : 'ask'}`
  })
  return [...open, '', 'Answers by the kind of the tool:', ...rows, '', 'Change one: /approvals edit allow']
}

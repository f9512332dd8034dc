import {describeUsage} from '../agent/describe-agent.ts'
import {agentSession} from '../agent/agent-session.ts'
import type {SlashCommand} from '../slash-command.ts'

export const usage: SlashCommand = {
  name: '/usage',
  description: 'shows how full the context of the agent is, and what the session has cost',
  async run(context) {
    const found = await agentSession(context)
    if (found === undefined) return
    const {name, agent} = found
    if (agent.usage === undefined) return context.model.setNotice(`\`${name}\` has not reported its usage`)
    context.answer(describeUsage(agent.usage))
  },
}

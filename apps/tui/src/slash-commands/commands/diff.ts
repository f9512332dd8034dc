import {readChanges} from '../../sessions/read-changes.ts'
import {countChanges} from '../../ui/agent/draw-diff.ts'
import {agentSession} from '../agent/agent-session.ts'
import type {SlashCommand} from '../slash-command.ts'

export const diff: SlashCommand = {
  name: '/diff',
  description: 'shows the changes of files that the tools of the agent reported',
  async run(context) {
    const found = await agentSession(context)
    if (found === undefined) return
    const {model, client, showCommand} = context
    const {changes, isWhole} = await readChanges(client, found.session.id)
    if (changes.length === 0) return model.setNotice('The agent has reported no change of a file')
    const more = isWhole ? undefined : `Older changes: ${showCommand(found.session.id)}`
    context.answer(countChanges(changes))
    model.addBlock({kind: 'changes', changes, more})
  },
}

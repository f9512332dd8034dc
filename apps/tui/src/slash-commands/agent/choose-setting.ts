import {createPickerOverlay} from '@holdfast/ink-composer'
import {toPlainLine} from '@holdfast/terminal'

import type {SlashCommandContext} from '../slash-command.ts'
import {agentSession, findChoice, listChoices} from './agent-session.ts'

/** Sets the mode or the model of the agent, or lists those that it offers; Enter in the list sets one. */
export async function chooseSetting(
  context: SlashCommandContext,
  kind: 'mode' | 'model',
  typed: string,
): Promise<void> {
  const found = await agentSession(context)
  if (found === undefined) return
  const {session, name, agent} = found
  const {model, composer, reportError} = context
  const setting = agent.settings?.[kind]
  if (setting === undefined || setting.choices.length === 0) {
    const isKnown = agent.settings !== undefined
    const why = isKnown ? `\`${name}\` offers no ${kind}s` : `\`${name}\` tells its ${kind}s when it has started`
    return model.setNotice(why)
  }
  const set = async (choice: {id: string; name: string}) => {
    model.setNotice(`Setting the ${kind} …`)
    await session.setAgent(kind === 'mode' ? {mode: choice.id} : {model: choice.id})
    model.setNotice(`The ${kind} is ${toPlainLine(choice.name)}`)
  }
  if (typed !== '') {
    const choice = findChoice(setting.choices, typed)
    if (choice !== undefined) return await set(choice)
    const ids = setting.choices.map(({id}) => toPlainLine(id))
    return model.setNotice(`Expected a ${kind}: ${listChoices(ids)}, got \`${typed}\``)
  }
  composer.open((host) =>
    createPickerOverlay({
      host,
      title: `${kind}s`,
      verb: 'sets it',
      items: setting.choices,
      toRow: ({id, name: shown, description = ''}) => ({
        text: `${id === setting.current ? '●' : ' '} ${toPlainLine(shown)}`,
        hint: toPlainLine([...(shown === id ? [] : [id]), description].filter((part) => part !== '').join(' · ')),
      }),
      onPick: (choice) => void set(choice).catch(reportError),
    }),
  )
}

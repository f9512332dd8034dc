import type {ConfigOption, SessionSettings} from '@holdfast/acp'
import {maxAgentSettingsBytes, textBytes, type AgentSettings} from '@holdfast/protocol'

/** What can be set at an agent. Of more than `maxBytes`, the commands are left out, then the options, then all. Pure. */
export function toSettings(settings: SessionSettings, maxBytes = maxAgentSettingsBytes): AgentSettings {
  const {modes, models, options = [], commands} = settings
  const mode = modes
    ? {current: modes.currentModeId, choices: modes.availableModes}
    : toSetting(options.find(({category}) => category === 'mode'))
  const model = models
    ? {
        current: models.currentModelId,
        choices: models.availableModels.map(({modelId: id, name, description}) => ({id, name, description})),
      }
    : toSetting(options.find(({category}) => category === 'model'))
  const others = options.filter(({category}) => category !== 'mode' && category !== 'model').map(toOption)
  const chosen = {...(mode && {mode}), ...(model && {model})}
  const withOptions = {...chosen, ...(others.length > 0 && {options: others})}
  const all = {...withOptions, ...(commands && {commands: commands.map(toCommand)})}
  return [all, withOptions, chosen].find((some) => textBytes(JSON.stringify(some)) <= maxBytes) ?? {}
}

function toCommand({name, description}: {name: string; description: string}) {
  return {name, description}
}

/** The choices of an option, without the groups that some are in. */
function choicesOf({options = []}: ConfigOption) {
  const choices = options.flatMap((option) => ('group' in option ? option.options : [option]))
  return choices.map(({value: id, name, description}) => ({id, name, description}))
}

function toSetting(option: ConfigOption | undefined): AgentSettings['mode'] {
  if (typeof option?.currentValue !== 'string') return undefined
  return {current: option.currentValue, choices: choicesOf(option)}
}

function toOption(option: ConfigOption): NonNullable<AgentSettings['options']>[number] {
  const {id, name, currentValue} = option
  const choices = choicesOf(option)
  return {id, name, ...(currentValue !== undefined && {value: currentValue}), ...(choices.length > 0 && {choices})}
}

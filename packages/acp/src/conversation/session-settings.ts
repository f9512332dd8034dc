import type {Diagnostics} from '../agent/diagnostics.ts'
import {describeIssues} from '../events/read-update.ts'
import type {UpdateEvent} from '../events/update-events.ts'
import {settingSchemas} from '../schema/answers.ts'
import type {Command, ConfigOption, Models, Modes} from '../schema/session-settings.ts'

/** What can be chosen in a session, and what is. */
export interface SessionSettings {
  modes?: Modes | undefined
  models?: Models | undefined
  options?: ConfigOption[] | undefined
  commands?: Command[] | undefined
  title?: string | undefined
}

/**
 * Reads the settings in the answer that opened a session. Each one that makes no sense is reported, and left out. Agents that restore
 * a session need not name them again.
 */
export function readSettings(answer: unknown, diagnostics: Diagnostics): SessionSettings {
  const {modes, models, configOptions} = (answer ?? {}) as Record<string, unknown>
  const read = <Value>(
    name: string,
    result: {success: true; data: Value} | {success: false; error: unknown},
  ): Value | undefined => {
    if (result.success) return result.data
    diagnostics.report('answer', `${name}: ${describeIssues(result.error as Parameters<typeof describeIssues>[0])}`)
    return undefined
  }
  const settings = {
    modes: read('modes', settingSchemas.modes.safeParse(modes)),
    models: read('models', settingSchemas.models.safeParse(models)),
    options: read('configOptions', settingSchemas.configOptions.safeParse(configOptions)),
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value != null))
}

/** The settings after an update. */
export function reduceSettings(settings: SessionSettings, event: UpdateEvent): SessionSettings {
  switch (event.type) {
    case 'mode':
      return {...settings, ...(settings.modes && {modes: {...settings.modes, currentModeId: event.modeId}})}
    case 'options':
      return {...settings, options: event.options}
    case 'commands':
      return {...settings, commands: event.commands}
    case 'title':
      return event.title === undefined ? settings : {...settings, title: event.title ?? undefined}
    default:
      return settings
  }
}

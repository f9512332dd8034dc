import type {Command} from 'commander'

import {UserError} from '../process/user-error.ts'
import {findSettingsFile} from '../settings/find-settings-file.ts'
import {hintAtHelp, type AddCommand} from './begin-program.ts'

/** Commands about the settings of this machine. */
export const configCommands: Readonly<Record<string, AddCommand>> = {
  config(program) {
    const config = program
      .command('config')
      .description('show and change the settings')
      .helpCommand(false)
      .addHelpText('after', settingsHelp)
    const commands = [addList, addGet, addSet, addUnset, addEdit, addPath, addSchema].map((add) => add(config))
    for (const command of commands) hintAtHelp(command, `config ${command.name()} --help`)
    return config
  },
}

/** Where the settings are, for the end of a help; empty for a user without a home folder. */
export function settingsHelp(): string {
  try {
    return `\nSettings: ${findSettingsFile()}`
  } catch (error) {
    if (error instanceof UserError) return ''
    throw error
  }
}

function addList(config: Command): Command {
  return config
    .command('list')
    .description('list the settings, their values, and what they are for')
    .option('--json', 'print NDJSON')
    .action(async (options: {json?: boolean}) => {
      const {printSettings} = await import('./commands/config/show-settings.ts')
      await printSettings(options)
    })
}

function addGet(config: Command): Command {
  return config
    .command('get')
    .description('print the value of a setting')
    .argument('<NAME>', 'the setting, such as notify or keys.attach')
    .option('--json', 'print a text as JSON, too')
    .action(async (name: string, options: {json?: boolean}) => {
      const {printSetting} = await import('./commands/config/show-settings.ts')
      await printSetting(name, options)
    })
}

function addSet(config: Command): Command {
  return config
    .command('set')
    .description('change a setting in the file')
    .argument('<NAME>', 'the setting')
    .argument('<VALUE>', 'a text, or JSON where the setting is something else')
    .action(async (name: string, value: string) => {
      const {setSetting} = await import('../settings/change-settings.ts')
      setSetting(name, value)
    })
}

function addUnset(config: Command): Command {
  return config
    .command('unset')
    .description('take a setting out of the file: it has its default again')
    .argument('<NAME>', 'the setting')
    .action(async (name: string) => {
      const {unsetSetting} = await import('../settings/change-settings.ts')
      unsetSetting(name)
    })
}

function addEdit(config: Command): Command {
  return config
    .command('edit')
    .description('open the file in your editor ($VISUAL, $EDITOR or vi), and check it')
    .action(async () => {
      const {editSettings} = await import('./commands/config/edit-settings.ts')
      await editSettings()
    })
}

function addPath(config: Command): Command {
  return config
    .command('path')
    .description('print where the file is')
    .action(async () => {
      const {printLines} = await import('../process/standard-output.ts')
      await printLines([findSettingsFile()])
    })
}

function addSchema(config: Command): Command {
  return config
    .command('schema')
    .description('print a JSON Schema, by which editors complete the file')
    .action(async () => {
      const {printLines} = await import('../process/standard-output.ts')
      const {settingsJsonSchema} = await import('../settings/json-schema.ts')
      await printLines([JSON.stringify(settingsJsonSchema(), null, 2)])
    })
}

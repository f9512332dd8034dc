import {printError} from '../../../process/print-error.ts'
import {runCommandLine} from '../../../process/run-command-line.ts'
import {UserError} from '../../../process/user-error.ts'
import {findSettingsFile} from '../../../settings/find-settings-file.ts'
import {readSettings, readSettingsText} from '../../../settings/read-settings.ts'
import {writeSettingsFile} from '../../../settings/settings-file.ts'

/** Opens the settings file in the user's editor, and reports what is wrong in it then. */
export async function editSettings(): Promise<void> {
  const file = findSettingsFile()
  const read = readSettingsText(file)
  if ('text' in read && read.text === undefined) writeSettingsFile(file, '{}\n')
  // An empty variable is none.
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
  const {code, signal, isNotFound} = await runCommandLine(`${editor} "$1"`, file)
  if (isNotFound) throw new UserError(`there is no editor \`${editor}\`: set $VISUAL or $EDITOR to one`)
  if (code !== 0) throw new UserError(`the editor ended with ${signal ?? `exit status ${code}`}`)
  const {problems} = readSettings(file)
  problems.forEach(printError)
  if (problems.length > 0) process.exitCode = 1
}

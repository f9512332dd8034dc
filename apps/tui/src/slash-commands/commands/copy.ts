import {copyToClipboard} from '../../ui/clipboard.ts'
import {readLastOutput} from '../../sessions/read-last-output.ts'
import type {SlashCommand} from '../slash-command.ts'

export const copy: SlashCommand = {
  name: '/copy',
  description: 'copies the last output to the clipboard',
  async run({client, opened, model, writeToTerminal}) {
    const output = await readLastOutput(client, (await opened()).id)
    if (output === undefined) return model.setNotice('There is no output to copy yet')
    model.setNotice(copyToClipboard(output, writeToTerminal))
  },
}

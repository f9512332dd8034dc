import {formatBytes} from '../../format/quantities.ts'
import {maxCopiedBytes, readLastOutput} from '../../sessions/read-last-output.ts'
import type {SlashCommand} from '../slash-command.ts'

export const copy: SlashCommand = {
  name: '/copy',
  description: 'copies the last output to the clipboard',
  async run({client, opened, model, writeToTerminal}) {
    const output = await readLastOutput(client, (await opened()).id)
    if (output === undefined) return model.setNotice('There is no output to copy yet')
    const bytes = Buffer.from(output.text)
    // OSC 52. A terminal that does not support or allow it ignores it without an answer.
    writeToTerminal(`\u001b]52;c;${bytes.toString('base64')}\u0007`)
    const what = output.isWhole ? formatBytes(bytes.length) : `The last ${formatBytes(maxCopiedBytes)}`
    model.setNotice(`${what} sent to the terminal for the clipboard`)
  },
}

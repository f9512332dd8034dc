import {resolve} from 'node:path'

import {exportToFile} from '../../export/export-session.ts'
import {currentFolder} from '../../process/current-folder.ts'
import type {SlashCommand} from '../slash-command.ts'

export const exportCommand: SlashCommand = {
  name: '/export',
  description: 'writes the session to a file: Markdown, or events if it ends in .jsonl',
  argument: '[FILE]',
  async run({client, opened, model}, file) {
    const {id} = await opened()
    const path = resolve(currentFolder(), file === '' ? `holdfast-${id}.md` : file)
    model.setNotice(`Writing ${path} …`)
    await exportToFile(client, id, path.endsWith('.jsonl') ? 'jsonl' : 'markdown', path)
    model.setNotice(undefined)
    model.addBlock({kind: 'note', text: `Written to ${path}`})
  },
}

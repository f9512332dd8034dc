import stringWidth from 'string-width'
import {wrapRows} from '@holdfast/terminal/rows'

import {keyPage} from '../../keys/key-page.ts'
import type {SlashCommand} from '../slash-command.ts'

export const help: SlashCommand = {
  name: '/help',
  description: 'lists slash commands and keys',
  run({model, groups, answer}) {
    const commands = groups.map(({title, commands: listed}) => ({
      title,
      rows: listed.map(({name, argument, description}) => ({
        name: argument === undefined ? name : `${name} ${argument}`,
        description,
      })),
    }))
    const {size, bindings} = model.snapshot
    // All tables are aligned.
    const all = [...commands, ...keyPage(bindings)]
    const widest = Math.max(...all.flatMap(({rows}) => rows.map(({name}) => stringWidth(name))))
    answer(all.map(({title, rows}) => ({heading: title, text: toTable(rows, widest, size.cols).join('\n')})))
  },
}

/** With narrower descriptions, in cells, they go below the names. */
const minWidth = 20

/** Names with their descriptions, wrapped to `columns`. */
function toTable(rows: readonly {name: string; description: string}[], widest: number, columns: number): string[] {
  const isNarrow = columns - widest - 2 < minWidth
  const indent = ' '.repeat(isNarrow ? 2 : widest + 2)
  return rows.flatMap(({name, description}) => {
    const lines = wrapRows(description, columns - indent.length)
    if (isNarrow) return [name, ...lines.map((line) => indent + line)]
    const [first = '', ...others] = lines
    return [name + ' '.repeat(indent.length - stringWidth(name)) + first, ...others.map((line) => indent + line)]
  })
}

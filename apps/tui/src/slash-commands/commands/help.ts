import stringWidth from 'string-width'
import {wrapRows} from '@holdfast/terminal/rows'

import {expandKey} from '../../ui/expand-key.ts'
import type {SlashCommand} from '../slash-command.ts'

export const help: SlashCommand = {
  name: '/help',
  description: 'lists slash commands and keys',
  run({model, commands}) {
    const rows = commands.map(({name, argument, description}) => ({
      name: argument === undefined ? name : `${name} ${argument}`,
      description,
    }))
    const {cols} = model.snapshot.size
    model.addBlock({kind: 'answer', text: [...toTable(rows, cols), '', ...toTable(keys, cols)].join('\n')})
  },
}

/** The keys of the screen. The composer has readline's editing keys. */
export const keys = [
  {name: 'Enter', description: 'submits the prompt; while a command runs, it is queued'},
  {name: 'Alt-Enter', description: 'starts a new line'},
  {name: 'Tab', description: 'completes as the shell does; slash commands and paths, too'},
  {name: '↑', description: 'in an empty draft: opens the queue, or recalls the history'},
  {name: '→', description: 'takes the suggestion; Alt-→ takes a word of it'},
  {name: 'Ctrl-R', description: 'lists the history of all sessions and of the shell'},
  {name: 'Alt-.', description: 'inserts the last word of the previous prompt'},
  {name: 'Ctrl-X Ctrl-E', description: 'opens the draft in your editor'},
  {name: 'Ctrl-C', description: 'interrupts the command; else clears the draft; else, twice, leaves'},
  {name: 'Ctrl-Z', description: 'stops the running program, which fg continues; else suspends the screen'},
  {name: 'Ctrl-\\', description: 'sends SIGQUIT to the running program, which ends most programs'},
  {name: 'Ctrl-T', description: 'answers the agent; switches between a prompt and a line for the program'},
  {name: 'Ctrl-O', description: 'gives the running program the terminal; Ctrl-\\ twice takes it back'},
  {name: 'Ctrl-G', description: 'lets prompts run that wait after a failure; Delete in an empty draft drops them'},
  {name: expandKey, description: 'prints the output that was collapsed last'},
  {name: 'Ctrl-L', description: 'clears the screen'},
  {name: 'Ctrl-D', description: 'twice leaves; the session keeps running'},
  {name: 'Esc', description: 'closes the menu, the question or the mode'},
] as const

/** With narrower descriptions, in cells, they go below the names. */
const minWidth = 20

/** Names with their descriptions, wrapped to `columns`. */
function toTable(rows: readonly {name: string; description: string}[], columns: number): string[] {
  const widest = Math.max(...rows.map(({name}) => stringWidth(name)))
  const isNarrow = columns - widest - 2 < minWidth
  const indent = ' '.repeat(isNarrow ? 2 : widest + 2)
  return rows.flatMap(({name, description}) => {
    const lines = wrapRows(description, columns - indent.length)
    if (isNarrow) return [name, ...lines.map((line) => indent + line)]
    const [first = '', ...others] = lines
    return [name + ' '.repeat(indent.length - stringWidth(name)) + first, ...others.map((line) => indent + line)]
  })
}

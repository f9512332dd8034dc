import stringWidth from 'string-width'
import {wrapRows} from '@holdfast/terminal'

import {expandKey} from '../../ui/expand-key.ts'
import type {SlashCommand} from '../slash-command.ts'

export const help: SlashCommand = {
  name: '/help',
  description: 'shows the words and the keys',
  run({model, commands}) {
    const rows = commands.map(({name, argument, description}) => ({
      name: argument === undefined ? name : `${name} ${argument.shape}`,
      description,
    }))
    const {cols} = model.snapshot.size
    model.addBlock({kind: 'answer', text: [...toTable(rows, cols), '', ...toTable(keys, cols)].join('\n')})
  },
}

/** The keys that are for the screen; those for editing are as in a shell. */
export const keys = [
  {name: 'Enter', description: 'runs what is written; while something runs, it waits in the queue'},
  {name: 'Alt-Enter', description: 'begins a new line'},
  {name: 'Ctrl-C', description: 'interrupts what runs; else clears what is written; else, twice, leaves'},
  {name: 'Ctrl-T', description: 'writes to the program that runs; Esc goes back'},
  {name: 'Ctrl-O', description: 'gives the program that runs the whole terminal; again: takes it back'},
  {name: 'Ctrl-R', description: 'looks for what was entered before, in all sessions'},
  {name: expandKey, description: 'prints the whole output that was folded last'},
  {name: 'Ctrl-L', description: 'leaves an empty screen'},
  {name: 'Ctrl-Z', description: 'suspends the screen; fg brings it back'},
  {name: 'Ctrl-D', description: 'leaves; what runs goes on'},
  {name: '↑', description: 'in an empty line: the queue, or what was entered before'},
  {name: 'Tab', description: 'completes words and paths'},
  {name: 'Esc', description: 'closes what is open, leaves a mode'},
] as const

/** Beside narrower descriptions than this, in cells, a table is harder to read than none. */
const leastWidth = 20

/** Names, and beside each what it means; lines that are too long go on below. */
function toTable(rows: readonly {name: string; description: string}[], columns: number): string[] {
  const widest = Math.max(...rows.map(({name}) => stringWidth(name)))
  const isNarrow = columns - widest - 2 < leastWidth
  const indent = ' '.repeat(isNarrow ? 2 : widest + 2)
  return rows.flatMap(({name, description}) => {
    const lines = wrapRows(description, columns - indent.length, {trim: true})
    if (isNarrow) return [name, ...lines.map((line) => indent + line)]
    const [first = '', ...others] = lines
    return [name + ' '.repeat(indent.length - stringWidth(name)) + first, ...others.map((line) => indent + line)]
  })
}

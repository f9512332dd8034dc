import stringWidth from 'string-width'

import type {Word} from './word.ts'

export const help: Word = {
  name: '/help',
  description: 'shows the words and the keys',
  run({model, words}) {
    const rows = words.map(({name, argument, description}) => ({
      name: argument === undefined ? name : `${name} ${argument.shape}`,
      description,
    }))
    model.addBlock({kind: 'note', text: [...toTable(rows), '', ...toTable(keys)].join('\n')})
  },
}

/** The keys that are for the screen; those for editing are as in a shell. */
const keys = [
  {name: 'Enter', description: 'runs what is written; while something runs, it waits in the queue'},
  {name: 'Ctrl-C', description: 'interrupts what runs; else clears what is written; else, twice, leaves'},
  {name: 'Ctrl-T', description: 'writes to the program that runs; Esc goes back'},
  {name: 'Ctrl-O', description: 'gives the program that runs the whole terminal; again: takes it back'},
  {name: 'Ctrl-R', description: 'looks for what was entered before, in all sessions'},
  {name: 'Ctrl-D', description: 'leaves; what runs goes on'},
  {name: '↑', description: 'in an empty line: the queue, or what was entered before'},
  {name: 'Tab', description: 'completes words and paths'},
]

function toTable(rows: readonly {name: string; description: string}[]): string[] {
  const width = Math.max(...rows.map(({name}) => stringWidth(name)))
  return rows.map(({name, description}) => `${name}${' '.repeat(width - stringWidth(name))}  ${description}`)
}

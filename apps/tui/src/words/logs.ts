import {lastLogLines} from '../last-log-lines.ts'
import type {Word} from './word.ts'

export const logs: Word = {
  name: '/logs',
  description: 'shows who died last, and how',
  run: ({model, home}) => model.addBlock({kind: 'answer', text: lastLogLines(home).join('\n')}),
}

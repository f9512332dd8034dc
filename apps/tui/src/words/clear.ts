import type {Word} from './word.ts'

export const clear: Word = {
  name: '/clear',
  description: 'leaves an empty screen; what was on it is in the scrollback',
  run: ({clearScreen}) => clearScreen(),
}

import type {Word} from './word.ts'

export const restart: Word = {
  name: '/restart',
  description: 'tries again to reach the session',
  run: (context) => context.restart(),
}

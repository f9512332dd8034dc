import type {Word} from './word.ts'

export const detach: Word = {
  name: '/detach',
  description: 'leaves at once; what runs goes on',
  run: ({leave}) => leave(),
}

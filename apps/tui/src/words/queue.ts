import type {Word} from './word.ts'

export const queue: Word = {
  name: '/queue',
  description: 'shows what waits, to be changed, removed or sent now',
  run({composer, model}) {
    if (!composer.showQueue()) model.setNotice('Nothing waits in the queue')
  },
}

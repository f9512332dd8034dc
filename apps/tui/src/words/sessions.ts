import {pickSession} from './pick-session.ts'
import type {Word} from './word.ts'

export const sessions: Word = {
  name: '/sessions',
  description: 'lists the sessions, to open another one',
  run: pickSession,
}

import type {SlashCommand} from '../slash-command.ts'
import {toTitle} from './title.ts'

export const newSession: SlashCommand = {
  name: '/new',
  description: 'opens a new session in the same folder; this one keeps running',
  argument: '[TITLE]',
  run: ({openSession}, title) => openSession({kind: 'new', ...(title === '' ? {} : {title: toTitle(title)})}),
}

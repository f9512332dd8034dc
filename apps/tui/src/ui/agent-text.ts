import {createPlainOutput, type PlainOutput} from '@holdfast/terminal'

/** Passes the text of a coding agent on without what moves a cursor or changes a terminal: only colours are left. */
export function createAgentText(write: (text: string) => void): PlainOutput {
  return createPlainOutput({write, colours: true, unfinished: true})
}

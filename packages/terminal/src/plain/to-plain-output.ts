import {createPlainOutput} from './plain-output.ts'

/** A whole output as plain text: each line as a terminal shows it in the end. */
export function toPlainOutput(output: string): string {
  let text = ''
  const plain = createPlainOutput({write: (more) => (text += more), colours: false, unfinished: false})
  plain.add(output)
  plain.flush()
  return text
}

import {createPlainOutput} from './plain-output.ts'

/** A whole output as the text that a terminal shows at the end of each line. */
export function toPlainOutput(output: string): string {
  let text = ''
  const plain = createPlainOutput({write: (more) => (text += more), colours: false, unfinished: false})
  plain.add(output)
  plain.flush()
  return text
}

import {fitsBytes, maxPromptBytes} from '@holdfast/protocol'

import {UserError} from '../process/user-error.ts'

/**
 * The lines of a stream, read as they are consumed. The last one needs no line end. Throws a `UserError` if the stream cannot
 * be read or a line is longer than a prompt may be.
 */
export async function* readPipedLines(stream: NodeJS.ReadableStream): AsyncGenerator<string, void, void> {
  stream.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      if (![...lines, rest].every((line) => fitsBytes(line, maxPromptBytes))) throw new UserError(tooLong)
      yield* lines
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError(`stdin cannot be read: ${why}`, {cause: error})
  }
  if (rest !== '') yield rest
}

const tooLong = `expected lines of at most ${maxPromptBytes} bytes on stdin, got a longer one`

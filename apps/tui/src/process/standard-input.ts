import {UserError} from './user-error.ts'

/** The whole stdin as text. Rejects with a `UserError` for more than `maxBytes`. */
export async function readStandardInput(maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new UserError(`expected at most ${maxBytes} bytes on stdin, got more`, {code: 'usage'})
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

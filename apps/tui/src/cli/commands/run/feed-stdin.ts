import {isRequestTimeout, isRpcError, type Client} from '@holdfast/client'
import {errorCodes, stdinGoneMs} from '@holdfast/protocol'

/** Bytes per request: as many as a pipe takes. */
const pieceBytes = 65_536

/** The prompt that reads them. */
export interface StdinTarget {
  session_id: string
  prompt_id: string
}

/** Binary data, of which JSON text would have six times the length. */
function encode(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64')
}

/**
 * Brings bytes to the command, each once, and the end after them. Resolves when that is done or the command reads no more; where the
 * host has ended the stdin, the end of the prompt says so.
 */
export async function feedStdin(client: Client, target: StdinTarget, source: AsyncIterable<Uint8Array>): Promise<void> {
  let offset = 0
  const request = async (data: Uint8Array, end: {end?: true} = {}) => {
    for (;;) {
      try {
        return (await client.request('prompt.stdin', {...target, offset, base64: encode(data), ...end})).taken
      } catch (error) {
        // A connection that hangs may recover, and the host takes no byte twice.
        if (!isRequestTimeout(error)) throw error
      }
    }
  }
  // Without a word of this client, the host would end the stdin, also after a new connection.
  let isGreeting = false
  const greet = async () => {
    if (isGreeting) return
    isGreeting = true
    await request(new Uint8Array(0)).finally(() => (isGreeting = false))
  }
  const greeter = setInterval(() => void greet().catch(() => undefined), stdinGoneMs / 3).unref()
  try {
    await greet()
    for await (const chunk of source) {
      const begin = offset
      while (offset < begin + chunk.length) {
        const at = offset - begin
        offset = await request(chunk.subarray(at, at + pieceBytes))
      }
    }
    await request(new Uint8Array(0), {end: true})
  } catch (error) {
    if (!isRpcError(error) || error.code !== errorCodes.notAllowed) throw error
  } finally {
    clearInterval(greeter)
  }
}

/** The bytes of stdin up to its end, or up to an error, which it reports. */
export async function* readStdin(report: (message: string) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* process.stdin
  } catch (error) {
    report(`reading stdin failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A client of the agent of this folder. */
export interface Contender {
  /** Starts the agent with its session. */
  start(): Promise<AcpClient>
  /** From the moment before a running agent is killed, or a new one is started, until a prompt can be sent. */
  comeBack(client: AcpClient): Promise<void>
}

export interface AcpClient {
  /** Sends a prompt, and resolves with the number of chunks that came before its end. */
  prompt(text: string): Promise<number>
  stop(): Promise<void>
}

/** What the agent says in each chunk. */
export const chunkText = 'a few words'

export const command = process.execPath
export const args = [new URL('agent.ts', import.meta.url).pathname]

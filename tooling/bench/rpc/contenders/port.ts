import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'

/** What a server tells the process that started it. */
export function tellPort(port: number): void {
  console.log(port)
}

export async function startListening(command: string, args: string[]): Promise<{child: ChildProcess; port: number}> {
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']})
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return {child, port: Number(said)}
}

import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

/** How a line between two networks treats packets. What is left out stays as it is. */
export interface LineQuality {
  /** From one end to the other, ms. @default 0 */
  delayMs?: number
  /** The share of packets that is lost, from 0 to 1. @default 0 */
  loss?: number
  /** Each way. @default unlimited */
  bytesPerSecond?: number | null
}

/** A line between two machines: two network namespaces, between which nothing else leads. */
export interface BadLine extends AsyncDisposable {
  /** The address of the far end. */
  readonly farAddress: string
  /** Puts a command line into one of the networks. */
  at(end: 'near' | 'far', command: readonly [string, ...string[]]): [string, ...string[]]
  /** Changes the line; resolves with the packets that it has carried and lost so far. */
  set(quality: LineQuality): Promise<{carried: number; lost: number}>
  /** Gives the near end another address. Its connections of before are dead, and nobody tells it. */
  changeAddress(): void
}

const program = fileURLToPath(new URL('bad-line.py', import.meta.url))

/**
 * Needs `networks`. Packets are carried by a program, not by the kernel's netem, which many kernels do not have; the connections
 * are those of the kernel, which sends again what is lost.
 */
export async function openBadLine(quality: LineQuality = {}): Promise<BadLine> {
  const child = spawn('python3', [program], {stdio: ['pipe', 'pipe', 'inherit']})
  const exited = once(child, 'exit')
  const lines = createInterface({input: child.stdout})
  const next = async () => {
    const [line] = (await Promise.race([once(lines, 'line'), exited])) as [string | number | null]
    if (typeof line !== 'string') throw new Error(`Expected the line to be open, its program exited with ${line}`)
    return JSON.parse(line) as unknown
  }
  const namespaces = (await next()) as {near: string; far: string}
  const at: BadLine['at'] = (end, command) => ['nsenter', `--net=${namespaces[end]}`, ...command]
  const set: BadLine['set'] = async ({delayMs, loss, bytesPerSecond}) => {
    child.stdin.write(`${JSON.stringify({delay_ms: delayMs, loss, bytes_per_s: bytesPerSecond})}\n`)
    return (await next()) as {carried: number; lost: number}
  }
  await set(quality)
  let lastPart = 2
  return {
    farAddress: '10.9.0.1',
    at,
    set,
    changeAddress() {
      const address = (verb: string, part: number) => {
        const [command, ...args] = at('near', ['ip', 'address', verb, `10.9.0.${part}/24`, 'dev', 'line'])
        execFileSync(command, args)
      }
      address('delete', lastPart)
      address('add', ++lastPart)
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await exited
    },
  }
}

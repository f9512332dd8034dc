import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'

/** What any program on Node costs: one that exits at once, one that writes a message to its stdout, one that waits. */
export interface BareNode extends Disposable {
  /** Milliseconds from the start to the exit. */
  exit(): Promise<number>
  /** Milliseconds from the start to the message. */
  hello(): Promise<number>
  /** Starts one that waits for the end of its stdin. */
  wait(): Promise<{pid: number; close(): void}>
}

/** Reports that it is ready and waits, as a gateway does. */
const helloText = `process.stdin.resume()
process.stdout.write('{"jsonrpc":"2.0","method":"event","params":{"type":"gateway.ready","payload":{}}}\\n')
`

export function createBareNode(): BareNode {
  const folder = mkdtempSync('/tmp/hf-bare-')
  const [empty, hello] = [`${folder}/empty.mjs`, `${folder}/hello.mjs`]
  writeFileSync(empty, '')
  writeFileSync(hello, helloText)
  const startHello = async () => {
    const child = spawn(process.execPath, [hello], {stdio: ['pipe', 'pipe', 'inherit']})
    await once(child.stdout, 'data')
    return child
  }
  return {
    async exit() {
      const startedAt = performance.now()
      await once(spawn(process.execPath, [empty], {stdio: 'inherit'}), 'close')
      return performance.now() - startedAt
    },
    async hello() {
      const startedAt = performance.now()
      const child = await startHello()
      const tookMs = performance.now() - startedAt
      child.stdin.end()
      await once(child, 'close')
      return tookMs
    },
    async wait() {
      const child = await startHello()
      return {pid: child.pid!, close: () => void child.stdin.end()}
    },
    [Symbol.dispose]: () => rmSync(folder, {recursive: true}),
  }
}

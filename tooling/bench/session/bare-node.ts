import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'

/** What any program on Node costs: one that ends at once, one that says hello over its stdout, one that waits. */
export interface BareNode extends Disposable {
  /** ms from the start to the end. */
  end(): Promise<number>
  /** ms from the start to the hello. */
  hello(): Promise<number>
  /** Starts one that waits for its stdin to end. */
  wait(): Promise<{pid: number; close(): void}>
}

/** Says hello as a gateway does, and waits as one does. */
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
    async end() {
      const began = performance.now()
      await once(spawn(process.execPath, [empty], {stdio: 'inherit'}), 'close')
      return performance.now() - began
    },
    async hello() {
      const began = performance.now()
      const child = await startHello()
      const tookMs = performance.now() - began
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

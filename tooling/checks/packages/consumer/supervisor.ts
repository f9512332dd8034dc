import assert from 'node:assert/strict'

import {startChild} from '@holdfast/supervisor'
import {supervise} from '@holdfast/supervisor/supervise'

const supervisor = supervise({
  async start(generation) {
    const child = startChild({name: 'cat', command: 'cat', generation})
    return {value: child, closed: child.exited, close: async (reason) => void (await child.stop(reason))}
  },
})
const first = await supervisor.current()
process.kill(Number(first.pid), 'SIGKILL')
await first.exited
assert.equal((await supervisor.current()).generation, 2)
await supervisor.close('the example is over')

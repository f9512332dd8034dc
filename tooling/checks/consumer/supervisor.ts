import assert from 'node:assert/strict'

import {startChild} from '@holdfast/supervisor'
import {createKeeper} from '@holdfast/supervisor/keeper'

const keeper = createKeeper({
  async start(generation) {
    const child = startChild({name: 'cat', command: 'cat', generation})
    return {value: child, closed: child.exited, close: async (reason) => void (await child.stop(reason))}
  },
})
const first = await keeper.current()
process.kill(Number(first.pid), 'SIGKILL')
await first.exited
assert.equal((await keeper.current()).generation, 2)
await keeper.close('the example is over')

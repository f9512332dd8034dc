import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'

test('two gateways and three clients: each client sees everything that all of them did', async () => {
  await using home = createHome()
  await using first = await openTui(home)
  await first.submit('echo from the first')
  await first.waitFor(/^from the first$/m)
  const [{id}] = await sessionsOf(home)
  await using second = await openTui(home, ['--resume', id])
  await second.waitFor(/^from the first$/m)
  expect(home.processes().filter(({role}) => role === 'gateway')).toHaveLength(2)
  expect(home.processes().filter(({role}) => role === 'host')).toHaveLength(1)

  // The third has its gateway in its own process.
  const [third] = await Promise.all([
    home.holdfast(['run', '--session', id, '--', 'echo', 'from the third']),
    first.submit('echo again the first'),
    second.submit('echo from the second'),
  ])
  expect(third.stdout).toBe('from the third\n')
  for (const tui of [first, second]) {
    for (const line of [/^from the second$/m, /^from the third$/m, /^again the first$/m]) await tui.waitFor(line)
  }
})

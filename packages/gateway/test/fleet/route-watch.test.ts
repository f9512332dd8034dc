import {setImmediate as nextTurn} from 'node:timers/promises'

import {expect, test} from 'vitest'

import type {LocalMethods} from '../../src/fleet/gateway-fleet.ts'
import type {RouteContext} from '../../src/fleet/route-context.ts'
import {routeWatch} from '../../src/fleet/route-watch.ts'

test('a list of this home that fails while other machines are waited for is the answer, and ends no process', async () => {
  const watch = {subscribe: () => () => {}, ready: () => nextTurn()}
  const {start} = routeWatch({local: {}, watch, me: 'a'} as unknown as RouteContext)
  const own = {'sessions.watch': () => Promise.reject(new Error('no disk'))} as unknown as LocalMethods
  await expect(start(own, (ownPage) => ownPage, {} as never)).rejects.toThrow('no disk')
})

import {createConnection} from '@holdfast/rpc'
import {createProcessTransport} from '@holdfast/transport/stdio'

import type {Child, Parent} from './methods.ts'

createConnection<Child, Parent>(createProcessTransport(), {
  handlers: {
    dinner: async (_params, {peer}) => `${await peer.request('favorite', {course: 'soup'})} soup`,
    sleep: () => new Promise(() => {}),
  },
})

import {createConnection, type HandlerContext} from '@holdfast/rpc'
import {createProcessTransport} from '@holdfast/transport/stdio'

createConnection(createProcessTransport(), {
  handlers: {
    dinner: async (_params: unknown, {peer}: HandlerContext) =>
      `${String(await peer.request('favorite', {course: 'soup'}))} soup`,
    'wait for ever': () => new Promise(() => {}),
  },
})

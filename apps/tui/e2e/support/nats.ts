import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {createServers, type NatsServer} from '../../../../packages/fleet/test/fixtures/nats-servers.ts'
import {need} from '../../../../tooling/vitest/need.ts'
import {startServer, type Server} from './serve.ts'
import type {Home} from './home.ts'

/** A `nats-server` that is not started yet; `settings` are lines of its configuration. */
export function createNats(settings?: string): NatsServer & AsyncDisposable {
  const program = need('nats-server')
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'))
  const [server] = createServers({program, folder, count: 1, ...(settings === undefined ? {} : {settings})})
  return Object.assign(server!, {
    async [Symbol.asyncDispose]() {
      await server!.kill('SIGKILL')
      rmSync(folder, {recursive: true})
    },
  })
}

export async function startNats(settings?: string): Promise<NatsServer & AsyncDisposable> {
  const server = createNats(settings)
  await server.start()
  return server
}

/** Short for a test, and long enough for a machine with much else to do, s. */
const leaseSeconds = 2

/** Starts `holdfast serve --fleet`. */
export function startMachine(
  home: Home,
  name: string,
  {url, args = []}: {url: string; args?: readonly string[]},
): Promise<Server> {
  const fleet = ['--fleet', url, '--name', name, '--replicas', '1', '--lease', String(leaseSeconds)]
  return startServer(home, {ownToken: true, args: [...fleet, ...args]})
}

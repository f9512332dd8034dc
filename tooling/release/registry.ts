/**
 * A registry on loopback, with the packages of the rehearsal; all others come from the registry that npm is configured for.
 * Prints its port, and ends when its stdin does.
 *   registry.ts VERDACCIO FOLDER UPSTREAM     the folder of verdaccio, an empty folder, the URL of the other registry
 */
import type {Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {createRequire} from 'node:module'
import {join} from 'node:path'

interface Verdaccio {
  runServer(config: Record<string, unknown>): Promise<Server>
}

const [verdaccio = '', folder = '', upstream = ''] = process.argv.slice(2)
const {runServer} = createRequire(import.meta.url)(verdaccio) as Verdaccio
const config = join(folder, 'config.yaml')
const ours = {access: '$all', publish: '$authenticated'}
const server = await runServer({
  self_path: config,
  configPath: config,
  storage: join(folder, 'storage'),
  auth: {htpasswd: {file: join(folder, 'htpasswd')}},
  uplinks: {upstream: {url: upstream}},
  packages: {'@holdfast/*': ours, holdfast: ours, '**': {access: '$all', proxy: 'upstream'}},
  // A tarball with Node in it comes as base64.
  max_body_size: '200mb',
  web: {enable: false},
  log: {type: 'stdout', level: 'fatal'},
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
process.stdin.resume().on('end', () => process.exit())

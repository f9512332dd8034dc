import {spawn} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

export interface LocalRegistry {
  url: string
  /** The folder with its tarballs. */
  storage: string
  /** What actions/setup-node leaves for the steps after it: a user's .npmrc, and the token that it names. */
  env: {NPM_CONFIG_USERCONFIG: string; NODE_AUTH_TOKEN: string}
}

const START_TIMEOUT_MS = 60_000

/** Starts the registry in a process of its own, which ends with this one, and adds a user to it who may publish. */
export async function startRegistry(verdaccio: string, folder: string, upstream: string): Promise<LocalRegistry> {
  mkdirSync(folder)
  const program = join(import.meta.dirname, 'registry.ts')
  const child = spawn(process.execPath, [program, verdaccio, folder, upstream], {stdio: ['pipe', 'pipe', 'inherit']})
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    child.on('exit', (status) => reject(new Error(`the registry exited with status ${status}`)))
  })
  clearTimeout(timer)
  // Before the folder is removed.
  process.prependListener('exit', () => child.kill('SIGKILL'))

  const url = `http://127.0.0.1:${port}/`
  const name = 'rehearsal'
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({name, password: crypto.randomUUID()}),
  })
  const {token} = (await response.json()) as {token?: string}
  if (token === undefined) throw new Error(`the registry added no user: status ${response.status}`)
  const npmrc = join(folder, 'npmrc')
  writeFileSync(npmrc, `//127.0.0.1:${port}/:_authToken=\${NODE_AUTH_TOKEN}\nregistry=${url}\n`)
  // A registry in the environment, as npx sets it, counts more than the file: it would get the packages.
  const env = {NPM_CONFIG_USERCONFIG: npmrc, npm_config_registry: url, NODE_AUTH_TOKEN: token}
  return {url, storage: join(folder, 'storage'), env}
}

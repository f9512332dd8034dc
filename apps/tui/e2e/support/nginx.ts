import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {connect, createServer, type AddressInfo} from 'node:net'

import {selfSigned} from '../../../../tooling/vitest/self-signed.ts'

/** An nginx in front of a server, with TLS. */
export interface Nginx extends AsyncDisposable {
  /** The port of the server: it may listen there. */
  readonly serverPort: number
  /** `https://localhost:PORT`, with the certificate of the tests. */
  readonly publicUrl: string
}

const docs = new URL('../../../../docs/remote.md', import.meta.url)

/** Starts it with the `location` of docs/remote.md. `idleMs`: how long a connection may be silent, in place of 60 s. */
export async function startNginx(program: string, {idleMs}: {idleMs: number}): Promise<Nginx> {
  const folder = mkdtempSync('/tmp/hf-nginx-')
  const [port, serverPort] = await Promise.all([freePort(), freePort()])
  const [location] = /^ {2}location \/ \{.*?^ {2}\}$/ms.exec(readFileSync(docs, 'utf8')) ?? []
  if (location?.includes('http://127.0.0.1:7333;') !== true) throw new Error('docs/remote.md has no location for nginx')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`)
  writeFileSync(`${folder}/cert.pem`, selfSigned.cert)
  writeFileSync(`${folder}/key.pem`, selfSigned.key)
  writeFileSync(
    `${folder}/nginx.conf`,
    `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
error_log stderr;
events {}
http {
access_log off;
${temporary.join(' ')}
server {
  listen 127.0.0.1:${port} ssl;
  server_name localhost;
  ssl_certificate ${folder}/cert.pem;
  ssl_certificate_key ${folder}/key.pem;
  proxy_read_timeout ${idleMs}ms;
${location.replace('7333', String(serverPort))}
}
}
`,
  )
  const child = spawn(program, ['-p', folder, '-c', `${folder}/nginx.conf`], {stdio: ['ignore', 'ignore', 'pipe']})
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const exited = once(child, 'exit')
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`Expected nginx to listen, got: ${Buffer.concat(said).toString()}`)
  }
  return {
    serverPort,
    publicUrl: `https://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, {recursive: true})
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const answer = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return answer
}

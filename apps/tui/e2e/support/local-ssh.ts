import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer, type AddressInfo} from 'node:net'

/**
 * Prepares a folder for `ssh -F ssh.conf localhost`: the server is on a port of loopback (see `serveSsh`), else started by ssh itself.
 * It needs no account.
 */
export function prepareSsh(folder: string, {sshd, keygen, port}: {sshd: string; keygen: string; port?: number}): void {
  // The server wants it for the separation of its privileges.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', {recursive: true})
  const file = (name: string) => `${folder}/${name}`
  for (const name of ['host', 'key']) execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)])
  writeFileSync(
    file('sshd.conf'),
    `HostKey ${file('host')}\nAuthorizedKeysFile ${file('key.pub')}\nStrictModes no\nUsePAM no\nPrintLastLog no\nPrintMotd no\n`,
  )
  const server =
    port === undefined ? `ProxyCommand ${sshd} -i -f ${file('sshd.conf')}` : `HostName 127.0.0.1\nPort ${port}`
  writeFileSync(
    file('ssh.conf'),
    `StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\nIdentityFile ${file('key')}\n${server}\n`,
  )
}

export interface SshServer extends AsyncDisposable {
  port: number
}

/** Listens on a free port of loopback, and starts sshd with a prepared folder for each connection, as inetd does. */
export async function serveSsh(folder: string, sshd: string): Promise<SshServer> {
  const server = createServer({pauseOnConnect: true}, (socket) => {
    spawn(sshd, ['-i', '-f', `${folder}/sshd.conf`], {stdio: [socket, socket, 'ignore']})
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'

/** An ordinary user of the machine. */
const user = 65534

/**
 * Writes `as-ann` into a folder, which runs a command as a user named ann, who may use sudo, and whose password has this hash. The
 * accounts are only in the command's mount namespace. For root.
 */
export function prepareSudo(folder: string, hash: string): void {
  const accounts = {
    passwd: `root:x:0:0:root:/root:/bin/sh\nann:x:${user}:${user}:ann:/:/bin/sh\n`,
    shadow: `root:*:1::::::\nann:${hash}:1::::::\n`,
    sudoers: 'Defaults !lecture, timestamp_timeout=0\nann ALL=(ALL) ALL\n',
  }
  for (const [name, text] of Object.entries(accounts)) writeFileSync(`${folder}/${name}`, text, {mode: 0o440})
  const mounts = Object.keys(accounts).map((name) => `mount --bind ${folder}/${name} /etc/${name}`)
  const becomeAnn = `setpriv --reuid ${user} --regid ${user} --clear-groups`
  writeFileSync(
    `${folder}/as-ann`,
    `#!/bin/sh\nexec unshare --mount sh -c '${mounts.join(' && ')} && exec ${becomeAnn} "$@"' sh "$@"\n`,
    {mode: 0o755},
  )
}

/** The hash of a password, as /etc/shadow has it. */
export function hashOf(openssl: string, password: string): string {
  return execFileSync(openssl, ['passwd', '-6', '-stdin'], {input: password, encoding: 'utf8'}).trim()
}

import {spawnSync} from 'node:child_process'
import {accessSync, constants} from 'node:fs'
import {delimiter, join} from 'node:path'

interface Need {
  /** A path, or a command that works; undefined where there is none. */
  find(): string | undefined
  /** What to say without it. */
  skipped: string
}

/** What tests need of the machine. */
export const NEEDS = {
  bash: program('bash'),
  bc: program('bc'),
  'bash-completion': {
    find: () =>
      ['/usr/share', '/usr/local/share', '/opt/homebrew/share']
        .map((folder) => `${folder}/bash-completion/bash_completion`)
        .find((path) => mayAccess(path, constants.R_OK)),
    skipped: 'bash-completion is not installed — apt-get install bash-completion',
  },
  chromium: {
    find: () => process.env['CHROMIUM'] ?? program('chromium').find(),
    skipped: 'chromium is not installed — apt-get install chromium, or set CHROMIUM to the path of another one',
  },
  dash: program('dash'),
  dialog: program('dialog'),
  ed: program('ed'),
  fish: program('fish'),
  fzf: program('fzf'),
  git: program('git'),
  groff: program('groff'),
  htop: program('htop'),
  less: program('less'),
  man: program('man', 'man-db'),
  nano: program('nano'),
  'nats-server': program('nats-server'),
  nc: program('nc', 'netcat-openbsd'),
  nginx: program('nginx'),
  npm: program('npm'),
  openssl: program('openssl'),
  python3: program('python3'),
  screen: program('screen'),
  script: program('script', 'bsdutils'),
  sqlite3: program('sqlite3'),
  'ssh-keygen': program('ssh-keygen', 'openssh-client'),
  sshd: program('sshd', 'openssh-server'),
  strace: program('strace'),
  sudo: program('sudo'),
  tmux: program('tmux'),
  top: program('top', 'procps'),
  vim: program('vim'),
  watch: program('watch', 'procps'),
  zsh: program('zsh'),
  '/dev/full': {
    find: () => ['/dev/full'].find((path) => mayAccess(path, constants.W_OK)),
    skipped: '/dev/full cannot be written to — chmod 666 /dev/full',
  },
  'old Node': {
    find: () => [...folders(), '/usr/local/bin', '/usr/bin'].map((folder) => join(folder, 'node')).find(isOldNode),
    skipped: `no Node older than 24 is on the PATH — npm install --prefix ~/.local --global node-linux-${process.arch}@20`,
  },
  networks: {
    find: () => ['unshare --net ip tuntap add mode tun && python3 -c ""'].find(works),
    skipped: 'only root can make networks here — apt-get install iproute2 python3; sudo npm test',
  },
  'second user': {
    find: () => (process.getuid?.() === 0 ? 'root' : undefined),
    skipped: 'only root can act as a second user — sudo npm test',
  },
  'user without privileges': {
    find: () => (process.getuid?.() === 0 ? ['setpriv true'].find(works) : 'this user'),
    skipped: 'root may read everything — apt-get install util-linux',
  },
  'small disk': {
    find: () => ['unshare -Urm true', 'unshare -m true', 'sudo -n unshare -m true'].find(works),
    skipped: 'only root can mount a disk here — sysctl -w kernel.unprivileged_userns_clone=1',
  },
} satisfies Record<string, Need>

export type NeedName = keyof typeof NEEDS

/** The names of the needs that this machine meets. */
export function metNeeds(): string[] {
  return Object.entries<Need>(NEEDS).flatMap(([name, {find}]) => (find() === undefined ? [] : [name]))
}

function program(name: string, packageName = name): Need {
  return {
    find: () =>
      // Where servers stand, which is not on the PATH of each user.
      [...folders(), '/usr/sbin'].map((folder) => join(folder, name)).find((path) => mayAccess(path, constants.X_OK)),
    skipped: `${name} is not installed — apt-get install ${packageName}`,
  }
}

function folders(): string[] {
  return process.env['PATH']?.split(delimiter) ?? []
}

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

function works(command: string): boolean {
  return spawnSync('sh', ['-c', command], {stdio: 'ignore'}).status === 0
}

function isOldNode(path: string): boolean {
  const {stdout, status} = spawnSync(path, ['--version'], {encoding: 'utf8'})
  return status === 0 && Number.parseInt(stdout.slice(1), 10) < 24
}

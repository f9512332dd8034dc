import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import type {NeedName} from '../../../../tooling/vitest/needs.ts'
import type {ProgramInput} from '../../src/index.ts'
import {nameOf} from '../../src/activity/nested-shell.ts'
import {terminalOf, waitOf} from '../../src/activity/terminal-wait.ts'
import {readProcessStat} from '../../src/process-stat.ts'
import {temporaryShell, type ShellName, type TemporaryShell} from '../fixtures/temporary-shell.ts'

/** What a program prints when it waits, or the name of the program in the foreground; then what it gets. */
type Moment = [shows: string | {runs: string}, input: ProgramInput]

interface Row {
  command: string
  needs?: readonly NeedName[]
  shell?: ShellName
  at: Moment
  /** Keys, and what it gets after them. */
  after?: readonly [keys: string, ...Moment][]
}

const user = 'setpriv --reuid 65534 --regid 65534 --clear-groups'
const raw = 'process.stdin.setRawMode(true); process.stdin.resume()'

const ROWS: readonly Row[] = [
  {command: 'vim long', needs: ['vim'], at: ['200L', 'terminal'], after: [[':!echo ab""cd\r', 'abcd', 'terminal']]},
  {command: 'nano long', needs: ['nano'], at: ['Exit', 'terminal']},
  {command: 'less long', needs: ['less'], at: ['long', 'terminal']},
  {command: 'less -X long', needs: ['less'], at: ['long', 'terminal']},
  {command: 'git log', needs: ['git', 'less'], at: ['c40', 'terminal']},
  {command: 'LESS=R git log', needs: ['git', 'less'], at: ['c40', 'terminal']},
  {command: 'git commit -a', needs: ['git', 'vim'], at: ['Changes to be', 'terminal']},
  {
    command: 'git rebase --autostash -i HEAD~2 && read -p "more? "',
    needs: ['git', 'vim'],
    at: ['pick', 'terminal'],
    after: [[':wq\r', 'more? ', 'line']],
  },
  {command: 'git add -p', needs: ['git'], at: [']? ', 'line'], after: [['n\r', 'Stage this hunk', 'line']]},
  {command: 'man ./page.1', needs: ['man', 'less'], at: ['the description', 'terminal']},
  {command: 'more long', at: ['More', 'terminal']},
  {command: 'htop', needs: ['htop'], at: ['Quit', 'terminal']},
  {command: 'top', needs: ['top'], at: ['PID', 'terminal']},
  {command: 'watch cat long', needs: ['watch'], at: ['Every', 'terminal']},
  {command: 'seq 9 | fzf', needs: ['fzf'], at: ['9/9', 'terminal']},
  {command: 'x=$(seq 9 | fzf --height 5 --no-mouse)', needs: ['fzf'], at: ['9/9', 'terminal']},
  {command: 'dialog --yesno hello 9 30', needs: ['dialog'], at: ['hello', 'terminal']},
  {command: `node -e "${raw}; console.log('\\x1b[?25l> a')"`, at: ['> a', 'terminal']},
  {command: 'bash --norc', at: [{runs: 'bash'}, 'terminal'], after: [['sleep 60\r', {runs: 'sleep'}, 'terminal']]},
  {command: 'zsh -f', needs: ['zsh'], at: [{runs: 'zsh'}, 'terminal']},
  {command: 'fish', needs: ['fish'], at: [{runs: 'fish'}, 'terminal']},
  {command: 'ENV= dash', needs: ['dash'], at: [{runs: 'dash'}, 'terminal']},
  {command: 'exec bash --norc', at: [{runs: 'bash'}, 'terminal']},
  {command: `bash -c 'read -p "name? " x'`, at: ['name? ', 'line']},
  {command: '(read -p "name? " x)', at: ['name? ', 'line']},
  {command: './script', at: ['name? ', 'line'], after: [['Ada\r', 'secret? ', 'hidden']]},
  {command: 'python3 -q', needs: ['python3'], at: ['>>> ', 'line'], after: [['1+41\r', '42', 'line']]},
  {command: "python3 -c 'input(1)'", needs: ['python3'], at: ['1', 'line']},
  {
    command: "python3 -c 'import getpass as g; g.getpass(); input(2)'",
    needs: ['python3'],
    at: ['Password: ', 'hidden'],
    after: [['x\r', '2', 'line']],
  },
  {command: 'node', at: ['> ', 'line']},
  {
    command: `node -e "require('readline').createInterface({input: process.stdin, output: process.stdout}).question('name? ', () => {})"`,
    at: ['name? ', 'line'],
  },
  {command: 'cd $(mktemp -d) && npm init', at: ['package name', 'line']},
  {command: 'sqlite3', needs: ['sqlite3'], at: ['sqlite> ', 'line']},
  {command: 'bc -lq', needs: ['bc'], at: [{runs: 'bc'}, 'line']},
  {command: 'read -p "name? " x', at: ['name? ', 'line']},
  {command: 'read -sp "secret? " x; read -p "name? "', at: ['secret? ', 'hidden'], after: [['x\r', 'name? ', 'line']]},
  {command: 'read -n1 -p "key? "', at: ['key? ', 'key']},
  {command: 'read -n1 -p "key? "; read -p "name? "', at: ['key? ', 'key'], after: [['y', 'name? ', 'line']]},
  {
    command: `bash -c 'read -n1 -p "key? "; read -sp "secret? "'`,
    at: ['key? ', 'key'],
    after: [['y', 'secret? ', 'hidden']],
  },
  {command: 'read -q "?key? "', needs: ['zsh'], shell: 'zsh', at: ['key? ', 'key']},
  {command: 'read -k1 "?key? "', needs: ['zsh'], shell: 'zsh', at: ['key? ', 'key']},
  {
    command: 'printf "key? "; stty -icanon; head -c1; sleep 60',
    needs: ['dash'],
    shell: 'dash',
    at: ['key? ', 'key'],
    after: [['y', {runs: 'sleep'}, 'none']],
  },
  {command: `bash -c 'read -n1 -p "key? "'`, needs: ['fish'], shell: 'fish', at: ['key? ', 'key']},
  {command: 'read -sn1 -p "key? "', at: ['key? ', 'terminal']},
  {command: 'read -e -p "name? " x', at: ['name? ', 'line']},
  {command: 'select x in a b; do break; done', at: ['#? ', 'line']},
  {command: "bash -c 'stty -echo; echo asks; read x; stty echo'", at: ['asks', 'hidden']},
  {command: 'read "x?name? "', needs: ['zsh'], shell: 'zsh', at: ['name? ', 'line']},
  {command: 'read -s "x?secret? "', needs: ['zsh'], shell: 'zsh', at: ['secret? ', 'hidden']},
  {command: 'read -sk1 "x?key? "', needs: ['zsh'], shell: 'zsh', at: ['key? ', 'terminal']},
  {command: 'x=abc; vared x', needs: ['zsh'], shell: 'zsh', at: ['abc', 'line']},
  {command: 'read -P "name? " x', needs: ['fish'], shell: 'fish', at: ['name? ', 'line']},
  {command: 'printf "name? "; read x', needs: ['dash'], shell: 'dash', at: ['name? ', 'line']},
  {command: 'cat', at: [{runs: 'cat'}, 'line']},
  {command: 'sort', at: [{runs: 'sort'}, 'line']},
  {command: 'true | cat - /dev/tty', at: [{runs: 'cat'}, 'line']},
  {command: 'ssh-keygen -f key', needs: ['ssh-keygen'], at: ['passphrase', 'hidden']},
  {command: `${user} su`, needs: ['second user'], at: ['Password: ', 'hidden']},
  {command: `${user} sudo true`, needs: ['second user', 'sudo'], at: ['assword', 'hidden']},
  {command: 'passwd', needs: ['second user'], at: ['assword: ', 'hidden']},
  {command: 'openssl passwd', needs: ['openssl'], at: ['Password: ', 'hidden']},
  {command: 'ed', needs: ['ed'], at: [{runs: 'ed'}, 'line']},
  {command: 'nc -lU socket', needs: ['nc'], at: [{runs: 'nc'}, 'none']},
  {command: 'tail -f long', at: [{runs: 'tail'}, 'none']},
  {command: 'sleep 60', at: [{runs: 'sleep'}, 'none']},
  {command: 'yes >/dev/null', at: [{runs: 'yes'}, 'none']},
  {command: 'dd if=/dev/zero of=/dev/null', at: [{runs: 'dd'}, 'none']},
  {
    command: `node -e "require('http').createServer().listen(0, () => console.log('listens'))"`,
    at: ['listens', 'none'],
  },
  {
    command: "python3 -c 'import time; print(1, end=str(), flush=True); time.sleep(60)'",
    needs: ['python3'],
    at: ['1', 'none'],
  },
  {command: 'while :; do :; done', at: [{runs: 'bash'}, 'none']},
]

test.each(ROWS)('$command', async ({command, needs = [], shell: name = 'bash', at, after = []}) => {
  for (const each of needs) need(each)
  const program = await begin(command, name)
  await program.expectInput(...at)
  for (const [keys, ...moment] of after) {
    program.type(keys)
    await program.expectInput(...moment)
  }
})

test('ssh hides the passphrase of its key, and gets the terminal once it is connected', async () => {
  const sshd = need('sshd')
  const keygen = need('ssh-keygen')
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', {recursive: true})
  const shell = await temporaryShell()
  const file = (each: string) => join(shell.home, each)
  const makeKey = (name: string, passphrase: string) =>
    execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file(name)])
  makeKey('host', '')
  makeKey('key', 'open sesame')
  const server = [`HostKey ${file('host')}`, `AuthorizedKeysFile ${file('key.pub')}`, 'StrictModes no', 'UsePAM no']
  writeFileSync(file('sshd.conf'), `${server.join('\n')}\n`)
  const options = ['StrictHostKeyChecking no', 'UserKnownHostsFile /dev/null', `IdentityFile ${file('key')}`]
  const proxy = `ProxyCommand ${sshd} -i -f ${file('sshd.conf')}`
  writeFileSync(file('ssh.conf'), `${[...options, proxy].join('\n')}\n`)
  const program = watch(shell, 'ssh -F ssh.conf -t localhost "echo connected; exec sleep 60"')
  await program.expectInput('passphrase', 'hidden')
  program.type('open sesame\r')
  await program.expectInput('connected', 'terminal')
})

test('an echo that is off is found before the program reads', async () => {
  const program = await begin('stty -echo; printf off; sleep 60', 'bash')
  await program.expectInput({runs: 'sleep'}, 'hidden')
})

test.each([
  ['tmux', 'tmux -L test new -s test "printf in; sleep 60"', ['tmux', '-L', 'test', 'kill-server']],
  ['screen', 'screen -S test sh -c "printf in; sleep 60"', ['screen', '-S', 'test', '-X', 'quit']],
] as const)('%s', async (name, command, end) => {
  const path = need(name)
  const home = await prepareHome()
  mkdirSync(join(home.home, 'screens'), {mode: 0o700})
  const env = {TMUX_TMPDIR: home.home, SCREENDIR: join(home.home, 'screens')}
  const program = watch(home, `export TMUX_TMPDIR=${env.TMUX_TMPDIR} SCREENDIR=${env.SCREENDIR}; ${command}`)
  onTestFinished(() => void execFileSync(path, end.slice(1), {env: {...process.env, ...env}}))
  await program.expectInput('in', 'terminal')
})

async function begin(command: string, name: ShellName) {
  return watch(await prepareHome(name), command)
}

/** A shell in a folder with files, and, where there is git, a repository. */
async function prepareHome(name: ShellName = 'bash'): Promise<TemporaryShell> {
  const shell = await temporaryShell(name === 'fish' ? '' : 'PS1="$ "; EDITOR=vim; export EDITOR', {name})
  const {home} = shell
  const lines = Array.from({length: 200}, (_, index) => `${index}\n`).join('')
  writeFileSync(join(home, 'long'), lines)
  writeFileSync(join(home, 'page.1'), '.TH PAGE 1\n.SH NAME\npage \\- the description\n')
  writeFileSync(join(home, 'script'), '#!/bin/bash\nread -p "name? " x\nread -sp "secret? " y\n')
  chmodSync(join(home, 'script'), 0o700)
  return shell
}

function prepareRepository(home: string): void {
  const git = (...args: string[]) => execFileSync('git', args, {cwd: home, env: {...process.env, HOME: home}})
  git('init', '-q')
  git('config', 'user.email', 'a@b')
  git('config', 'user.name', 'a')
  git('add', 'long')
  git('commit', '-qm', 'c1')
  for (let count = 2; count <= 40; count++) git('commit', '-q', '--allow-empty', '-m', `c${count}`)
  writeFileSync(join(home, 'long'), `changed\n${readFileSync(join(home, 'long'), 'utf8').replace('150', 'changed')}`)
}

function watch({shell, run, home}: TemporaryShell, command: string) {
  if (command.includes('git ')) prepareRepository(home)
  let output = ''
  let reported: ProgramInput = 'none'
  shell.onActivity(({input}) => (reported = input))
  void run(command, {onOutput: (data) => (output += Buffer.from(data).toString())}).catch(() => undefined)
  const foreground = () => {
    const {members} = waitOf(readProcessStat(shell.pid)?.foregroundGroup ?? 0, terminalOf(shell.pid) ?? '', shell.pid)
    return members[0] === undefined ? undefined : nameOf(members[0])
  }
  return {
    type(keys: string) {
      output = ''
      shell.input(keys)
    },
    /** Fails unless the program gets this without having been asked, and also at a look. */
    async expectInput(shows: Moment[0], input: ProgramInput) {
      if (typeof shows === 'string') await expect.poll(() => output, {timeout: 30_000}).toContain(shows)
      else await expect.poll(foreground, {timeout: 30_000}).toBe(shows.runs)
      await expect.poll(() => reported).toBe(input)
      expect((await shell.look()).input).toBe(input)
    },
  }
}

import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createRepository, gitEnvironment} from '../support/git-project.ts'
import {createHome} from '../support/home.ts'
import {prepareSsh} from '../support/local-ssh.ts'
import {attached, bareLines, createFruits, inShells, plain, reply, type ProgramCase} from '../support/program-case.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'

const cases: readonly ProgramCase[] = [
  {
    name: 'git rebase -i',
    needs: ['git', 'vim'],
    command: 'git rebase -i HEAD~2',
    prepare: (home) => createRepository(home.project, home.env, ['one', 'two', 'three']),
    ready: 'pick',
    async use(terminal) {
      await reply(terminal, ':%s/^pick/reword/\r', /^reword/m)
      await reply(terminal, ':wq\r', /^add two/m)
      await reply(terminal, ':s/add/put/\r', /^put two/m)
      await reply(terminal, ':wq\r', /^add three/m)
      terminal.type(':wq\r')
    },
    says: 'Successfully rebased and updated refs/heads/main.',
  },
  {
    name: 'git commit in vim',
    shells: ['bash', 'zsh'],
    needs: ['git', 'vim'],
    command: 'git commit --allow-empty',
    prepare: (home) => createRepository(home.project, home.env, ['one']),
    ready: 'Please enter the commit message',
    async use(terminal) {
      await reply(terminal, 'ia message', /^a message/m)
      terminal.type('\u001b:wq\r')
    },
    says: '[main b9fdff0] a message',
  },
  {
    name: 'fzf --height',
    needs: ['fzf'],
    shells: ['bash', 'zsh'],
    command: 'x=$(ls | fzf --height=8); echo "got $x"',
    prepare: createFruits,
    ready: '3/3',
    async use(terminal) {
      await reply(terminal, 'ban', '1/3')
      terminal.type('\r')
    },
    says: 'got banana',
  },
  {
    name: 'fzf --height in the syntax of fish',
    needs: ['fzf'],
    shells: ['fish'],
    command: 'set x (ls | fzf --height=8); echo "got $x"',
    prepare: createFruits,
    ready: '3/3',
    async use(terminal) {
      await reply(terminal, 'ban', '1/3')
      terminal.type('\r')
    },
    says: 'got banana',
  },
  {
    name: 'less -X',
    shells: ['bash', 'zsh'],
    needs: ['less'],
    command: 'seq 200 > lines; less -X lines',
    ready: /^lines/m,
    async use(terminal) {
      await reply(terminal, ' ', /^46$/m)
      await reply(terminal, 'G', '(END)')
      terminal.type('q')
    },
    says: '200',
  },
  {
    name: 'git log in less',
    shells: ['bash', 'zsh'],
    needs: ['git', 'less'],
    command: 'git log',
    prepare: (home) =>
      createRepository(
        home.project,
        home.env,
        Array.from({length: 12}, (_, at) => `file${at}`),
      ),
    ready: /^:/m,
    async use(terminal) {
      await reply(terminal, ' ', /file7$/m)
      terminal.type('q')
    },
    says: '    add file7',
  },
  {
    name: 'python3',
    needs: ['python3'],
    isByKey: true,
    command: 'python3 -q',
    ready: '>>>',
    async use(terminal) {
      // A key that comes before its prompt is echoed.
      await reply(terminal, 'print(6 * 7)\r', /^42\n>>>/m)
      await reply(terminal, '\u001b[A\u001b[D1\r', /^426\n>>>/m)
      await reply(terminal, 'for i in range(30): print("line", i)\r\r', /^line 29\n>>>/m)
      terminal.type('exit()\r')
    },
    says: 'line 29',
  },
  {
    name: 'ssh with a nested tmux',
    needs: ['sshd', 'ssh-keygen', 'tmux'],
    command: 'ssh -F ssh.conf -t localhost "$PWD/remote"',
    prepare(home) {
      prepareSsh(home.project, {sshd: need('sshd'), keygen: need('ssh-keygen')})
      const lines = ['#!/bin/sh', `cd ${home.project}`, 'export TMUX_TMPDIR=. PS1="remote> "', 'exec bash --norc -i']
      writeFileSync(`${home.project}/remote`, lines.join('\n'), {mode: 0o755})
    },
    ready: 'remote>',
    async use(terminal) {
      await reply(terminal, 'seq 40\r', /^40\nremote>/m)
      await reply(terminal, 'tmux -L t -f /dev/null new "echo inside; read x"\r', /^inside/m)
      await reply(terminal, '\r', /\[exited\]\nremote>/)
      terminal.type('exit\r')
    },
    says: '[exited]',
  },
  {
    name: 'htop',
    shells: ['bash', 'zsh'],
    needs: ['htop'],
    command: 'htop; echo "htop: $?"',
    ready: 'F10',
    async use(terminal) {
      await Promise.resolve()
      terminal.type('q')
    },
    says: 'htop: 0',
  },
]

for (const {shell, size} of inShells) {
  const those = cases.filter(({shells}) => shells === undefined || shells.includes(shell))
  test.for(those)(`$name in ${shell} at ${size.cols}x${size.rows}: all is as in a bare terminal`, async (each) => {
    const path = need(shell)
    for (const name of each.needs) need(name)
    const expected = await bareLines(each, path, size)
    expect(expected).toContain(each.says)
    await using home = createHome()
    each.prepare?.(home)
    await using tui = await openTui(home, [], {env: {...gitEnvironment, SHELL: path}, ...size})
    await tui.submit('echo be""fore')
    await tui.waitFor(/^✓/m)
    await tui.submitLast(each.command)
    await attached(tui, each)
    await each.use(tui)
    await tui.waitFor('· idle')
    await tui.submit('echo af""ter')
    await tui.waitFor(/^after\n✓/m)
    expect(plain(tui.outputOf(each.command), home)).toEqual(expected)
    expect(tui.outputOf('echo af""ter')).toEqual(['after'])
    // Each line stands in the log once, and the screen that opens it again shows the same.
    const [{id}] = await sessionsOf(home)
    await using again = await openTui(home, ['--resume', id], size)
    await again.waitFor(/^after\n✓/m)
    expect(plain(again.outputOf(each.command), home)).toEqual(expected)
  })
}

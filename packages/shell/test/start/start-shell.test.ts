import {readdirSync, readlinkSync} from 'node:fs'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'

import {describe, expect, test} from 'vitest'

import {startShell} from '../../src/index.ts'
import {pathOf, SHELLS, temporaryFolder, temporaryShell} from '../fixtures/temporary-shell.ts'

describe("the user's start file", () => {
  test('applies: variables, aliases, functions, options', async () => {
    const {run} = await temporaryShell(
      'export A=1\nalias hi="echo hello"\nf() { echo "f $1"; }\nset -u; shopt -s globstar',
    )
    expect((await run('hi; f "$A"; shopt -q globstar; echo $? $-')).output).toMatch(/^hello\r\nf 1\r\n0 himuBs\r\n$/)
  })

  test('its last exit status is `$?` of the first command', async () => {
    const {run} = await temporaryShell('false')
    expect((await run('echo $?')).output).toBe('1\r\n')
  })

  test('its prompt commands see the right `$?` and `$_`, and print nothing into the output', async () => {
    const {run} = await temporaryShell(
      'PROMPT_COMMAND=\'echo "$? $_" >>seen; echo noise\'; PS0="now: "; PS1="$(echo ps) "',
    )
    expect((await run('(exit 5); false last')).output).toBe('')
    expect((await run('cat seen')).output).toMatch(/\r\n1 last\r\n$/)
  })

  test('prompt commands in an array, and slow ones, run unchanged', async () => {
    const {run} = await temporaryShell(
      "PROMPT_COMMAND=('echo \"one $?\" >>seen' 'sleep 0.05' 'echo \"two $?\" >>seen')",
    )
    expect((await run('(exit 5)')).outcome).toMatchObject({exitCode: 5})
    expect((await run('tail -n 2 seen')).output).toBe('one 5\r\ntwo 5\r\n')
  })

  test('a slow prompt command does not keep Ctrl-C for the next command', async () => {
    const {run, shell} = await temporaryShell("PROMPT_COMMAND='x=$(sleep 0.12)'")
    for (let round = 0; round < 3; round++) {
      expect((await run('sleep 300', {onStart: () => shell.interrupt()})).outcome).toMatchObject({exitCode: 130})
      expect((await run('echo next')).output).toBe('next\r\n')
    }
  })

  test('its traps see nothing of the hooks', async () => {
    const {run} = await temporaryShell('trap \'echo "debug: $BASH_COMMAND"\' DEBUG')
    expect((await run('false')).output).toBe('debug: false\r\n')
    await run("trap - DEBUG; trap 'echo failed' ERR")
    expect((await run('false')).output).toBe('failed\r\n')
    expect((await run(':')).output).toBe('')
  })

  test('a status other than 0 is no failure of the hooks', async () => {
    const {run} = await temporaryShell("set -e; failures=0; trap 'failures=$((failures + 1))' ERR")
    expect((await run('! true')).outcome).toMatchObject({kind: 'completed', exitCode: 1})
    expect((await run('set +e; false')).outcome).toMatchObject({exitCode: 1})
    expect((await run('echo $failures')).output).toBe('1\r\n')
  })

  test('a trace shows nothing of the hooks', async () => {
    const {run} = await temporaryShell()
    expect((await run('set -x')).output).toBe('')
    expect((await run('echo hi')).output).toBe('+ echo hi\r\nhi\r\n')
  })

  test('nothing of the hooks is exported, even with allexport', async () => {
    const {run} = await temporaryShell('set -a; export PROMPT_COMMAND=: PS0=')
    expect((await run('env; declare -xF')).output).not.toMatch(/holdfast_|7133|PROMPT_COMMAND|PS0/)
  })

  test('the history contains typed lines, and nothing of the hooks', async () => {
    const {run} = await temporaryShell('HISTCONTROL=ignorespace')
    await run(' echo secret')
    await run('for i in 1; do\necho $i; done')
    expect((await run('history')).output).toBe('    1  for i in 1; do echo $i; done\r\n    2  history\r\n')
  })

  test.each([
    ['vi keys', 'set -o vi'],
    ['a dumb terminal', 'TERM=dumb'],
    ['no bracketed paste', "bind 'set enable-bracketed-paste off'"],
    ['nounset', 'set -u'],
    ['allexport', 'set -a'],
    ['noclobber', 'set -C'],
    ['functrace', 'set -T -E'],
    ['posix', 'set -o posix'],
    ['history expansion', 'set -H'],
    ['nocasematch', 'shopt -s nocasematch extglob'],
    ['aliases of builtins', 'alias printf=false local=false builtin=false'],
    ['a start file that breaks off', 'UID=3; ${missing?}; return 3'],
    ['empty prompts in the C locale', 'IFS=; LC_ALL=C; PS1=; PS2='],
  ])('a command works with %s', async (_, bashrc) => {
    const {run} = await temporaryShell(bashrc)
    const {output, outcome} = await run("cat <<<'a\té!x'")
    expect(output).toBe('a\té!x\r\n')
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
    expect((await run('echo "unfinished')).outcome).toEqual({kind: 'incomplete-input'})
    expect((await run('false')).outcome).toMatchObject({exitCode: 1})
  })
})

describe('starting', () => {
  test.each([
    ['bash', 'export MINE=yes; exec zsh'],
    ['zsh', 'export MINE=yes; exec fish'],
    ['fish', 'set -x MINE yes; exec bash'],
    ['dash', 'export MINE=yes; exec bash'],
  ] as const)('where a start file of %s says %j, that shell is used, with hooks', async (name, file) => {
    const path = pathOf(/\w+$/.exec(file)![0] as 'bash')
    const {run, shell} = await temporaryShell(file, {name})
    expect(shell).toMatchObject({strategy: 'hooks', path})
    expect(await run('echo $MINE')).toMatchObject({output: 'yes\r\n', outcome: {exitCode: 0}})
    expect((await run('false')).outcome).toMatchObject({exitCode: 1})
  })

  test.each(['readonly PROMPT_COMMAND', 'PROMPT_COMMAND=:; readonly PROMPT_COMMAND', 'readonly PS0'])(
    'a bash that cannot have hooks, after %j, uses the sentinel strategy',
    async (file) => {
      const {run, shell} = await temporaryShell(`${file}; mine=yes`)
      expect(shell.strategy).toBe('sentinel')
      const {output, outcome} = await run('echo "[$mine]"; (exit 7)')
      expect(output).toContain('[yes]\r\n')
      expect(outcome).toMatchObject({kind: 'completed', exitCode: 7})
    },
  )

  test('a missing folder or program is an error', async () => {
    const cwd = await temporaryFolder()
    const folder = join(cwd, 'gone')
    await expect(startShell({cwd: folder})).rejects.toMatchObject({
      code: 'not-startable',
      message: `cannot start a shell in \`${folder}\`: no such folder`,
    })
    await expect(startShell({cwd, path: folder})).rejects.toMatchObject({code: 'not-startable'})
  })

  test('a shell that ends before its first prompt is an error with its output', async () => {
    await expect(temporaryShell('echo "bad start"; exit 4')).rejects.toMatchObject({
      code: 'not-startable',
      message: expect.stringMatching(/^`.*` exited with code 4 before its first prompt; it printed: bad start/),
    })
  })

  test('a start file that waits for input runs into the deadline, and no process stays', async () => {
    const failed = temporaryShell('echo $$; read -p "password: "', {startTimeoutMs: 5000})
    const error = await failed.catch((reason: unknown) => reason)
    expect(error).toMatchObject({code: 'start-timed-out', message: expect.stringContaining('password:')})
    const pid = Number(/it printed: (\d+)/.exec((error as Error).message)?.[1])
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('the start file with the hooks is private, and removed when the shell has read it', async () => {
    const {run} = await temporaryShell(
      'stat -c %a "$(dirname "${BASH_SOURCE[1]}")" "${BASH_SOURCE[1]}" >modes; echo "${BASH_SOURCE[1]}" >path',
    )
    expect((await run('cat modes')).output).toBe('700\r\n600\r\n')
    expect((await run('ls "$(cat path)" 2>/dev/null')).outcome).toMatchObject({exitCode: 2})
  })

  test('its environment describes its own terminal, not its parent’s', async () => {
    const {run, home} = await temporaryShell('', {env: {TERM: 'foo', TMUX: '/tmp/x', KEPT: 'yes', LC_ALL: 'C'}})
    expect((await run('echo $TERM:$TMUX:$KEPT:$PWD')).output).toBe(`xterm-256color::yes:${home}\r\n`)
  })

  test('a bash named sh sources the file in ENV, has hooks, and keeps ENV', async () => {
    const folder = await temporaryFolder()
    await symlink(pathOf('bash'), join(folder, 'sh'))
    await writeFile(join(folder, 'mine'), 'mine=yes')
    const {run, shell} = await temporaryShell('', {path: join(folder, 'sh'), env: {ENV: join(folder, 'mine')}})
    expect(shell.strategy).toBe('hooks')
    expect((await run('echo "$mine $ENV"; (exit 7)')).output).toBe(`yes ${join(folder, 'mine')}\r\n`)
    expect(await run('shopt -qo posix; echo $?')).toMatchObject({output: '0\r\n', outcome: {exitCode: 0}})
  })

  test('a shell does not inherit the PTY of another', async () => {
    const first = await temporaryShell()
    const second = await temporaryShell()
    const masters = (pid: number) =>
      readdirSync(`/proc/${pid}/fd`)
        .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
        .filter((path) => path.includes('ptmx'))
    expect(masters(first.shell.pid)).toEqual([])
    expect(masters(second.shell.pid)).toEqual([])
  })

  test.for(['bash', 'ksh'])(
    '%s inherits no descriptor but its terminal, and BASH_ENV is read for no shell',
    async (kind) => {
      const folder = await temporaryFolder()
      // The name of a shell that has no hooks.
      await symlink(pathOf('bash'), join(folder, 'ksh'))
      await writeFile(join(folder, 'env'), `echo read >>${folder}/seen`)
      const holders = [temporaryShell(), temporaryShell()]
      await Promise.all(holders)
      const path = kind === 'bash' ? pathOf('bash') : join(folder, 'ksh')
      const {shell} = await temporaryShell('', {path, env: {BASH_ENV: join(folder, 'env')}})
      const open = readdirSync(`/proc/${shell.pid}/fd`).map((fd) => readlinkSync(`/proc/${shell.pid}/fd/${fd}`))
      expect(new Set(open)).toEqual(new Set([expect.stringMatching(/^\/dev\/(pts\/\d+|tty)$/)]))
      expect(readdirSync(folder)).not.toContain('seen')
    },
  )

  test('no descriptor stays open after shells have ended', async () => {
    const open = () => readdirSync('/proc/self/fd').length
    await (await temporaryShell()).shell.close()
    const before = open()
    for (let round = 0; round < 5; round++) await (await temporaryShell()).shell.close()
    expect(open()).toBe(before)
  })

  test('it starts in a nested folder with a space in its name', async () => {
    const folder = join(await temporaryFolder(), 'a b', 'c')
    await mkdir(folder, {recursive: true})
    await writeFile(join(folder, 'here'), '')
    const {run} = await temporaryShell('', {cwd: folder})
    expect(await run('ls')).toMatchObject({output: 'here\r\n', outcome: {cwd: folder}})
  })
})

test.for(SHELLS)('%s: the files of its hooks are gone when it has ended', async (name) => {
  const temporary = await temporaryFolder()
  const closing = await temporaryShell('', {name, temporary})
  await closing.shell.close()
  expect(readdirSync(temporary)).toEqual([])
  const exiting = await temporaryShell('', {name, temporary})
  await exiting.run('exit')
  expect(readdirSync(temporary)).toEqual([])
  const killed = await temporaryShell('', {name, temporary})
  process.kill(killed.shell.pid, 'SIGKILL')
  await killed.shell.closed
  expect(readdirSync(temporary)).toEqual([])
})

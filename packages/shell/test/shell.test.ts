import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'

import {describe, expect, test} from 'vitest'

import {temporaryShell} from './fixtures/temporary-shell.ts'

const commands: [what: string, command: string, output: string | RegExp, exitCode: number][] = [
  ['a line', 'echo hi', 'hi\r\n', 0],
  ['output without a newline', 'printf abc', 'abc', 0],
  ['no output', 'true', '', 0],
  ['an empty line', '', '', 0],
  ['a comment with an apostrophe', "echo hi # it's", 'hi\r\n', 0],
  ['nothing but a comment', '# nothing', '', 0],
  ['a failure', 'false', '', 1],
  ['a status', '(exit 77)', '', 77],
  ['a killed subshell', '(kill -9 $BASHPID)', /^$|Killed/, 137],
  ['a syntax error', 'echo )', "bash: syntax error near unexpected token `)'\r\n", 2],
  ['a command that does not exist', 'no-such-command', 'bash: no-such-command: command not found\r\n', 127],
  ['tabs', "printf '%s' 'a\tb\t\tc'", 'a\tb\t\tc', 0],
  ['exclamation marks', 'echo "a!zzq" !! !$', 'a!zzq !! !$\r\n', 0],
  ['escapes, a carriage return and the end of a paste', "printf %s '\x1b[1m\r\x1b[201~x'", '\x1b[1m\r\x1b[201~x', 0],
  ['text beyond ASCII', 'echo "é€😀"', 'é€😀\r\n', 0],
  ['many lines', 'echo a\n\nfalse\n# c\necho $?', 'a\r\n1\r\n', 0],
  ['a loop over lines', 'for i in 1 2; do\n\n  echo $i\ndone', '1\r\n2\r\n', 0],
  ['a here-document', "cat <<'E'\n  it's $x\n\ta\tb\\\nE", "  it's $x\r\n\ta\tb\\\r\n", 0],
  ['an indented here-document', 'cat <<-E\n\ta\n\tE', 'a\r\n', 0],
  ['a line that goes on', 'echo a \\\n  b', 'a b\r\n', 0],
  ['a background job', 'sleep 60 & true; kill %1; wait %1', /Terminated/, 143],
  [
    'a printed marker of another shell',
    "printf '\\e]7133;%032d;end;0;/\\a' 0",
    `\x1b]7133;${'0'.repeat(32)};end;0;/\x07`,
    0,
  ],
  ['a function named like a builtin', 'printf() { :; }; return() { :; }; echo ok; unset -f printf return', 'ok\r\n', 0],
]

describe('one command', () => {
  test.each(commands)('%s', async (_, command, output, exitCode) => {
    const {run, home} = await temporaryShell()
    const first = await run(command)
    expect(first.outcome).toEqual({kind: 'completed', exitCode, cwd: home})
    if (typeof output === 'string') expect(first.output).toBe(output)
    else expect(first.output).toMatch(output)
    expect((await run('echo $?')).output).toBe(`${exitCode}\r\n`)
  })

  test('text of 50 kB arrives byte for byte, in one line and in many', async () => {
    const {run, home} = await temporaryShell()
    const line = 'x!\t"$é '.repeat(7000)
    await run(`printf %s '${line}' > one`)
    expect(readFileSync(join(home, 'one'), 'utf8')).toBe(line)
    const lines = 'some\ttext of "a line"\n'.repeat(2400)
    await run(`cat > many <<'END'\n${lines}END`)
    expect(readFileSync(join(home, 'many'), 'utf8')).toBe(lines)
  })

  test.each(["echo 'a", 'echo "a', 'echo a \\', 'cat <<E\na', '(echo a', 'if true; then', 'echo a\necho $('])(
    'unfinished %j is cancelled, and the shell is usable',
    async (command) => {
      const {run} = await temporaryShell()
      expect((await run(command)).outcome).toEqual({kind: 'incomplete-input'})
      expect(await run('echo ok')).toMatchObject({output: 'ok\r\n', outcome: {exitCode: 0}})
    },
  )

  test('the lines after one that does not parse are not run', async () => {
    const {run, home} = await temporaryShell()
    const {output, outcome} = await run('echo )\ntouch ran')
    expect(output).toContain('syntax error')
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 2})
    expect(existsSync(join(home, 'ran'))).toBe(false)
  })

  test('the folder is reported whatever its name', async () => {
    const {run, shell, home} = await temporaryShell()
    const folder = join(home, 'a;b%41\n\x07\x1b\x7fé ')
    await mkdir(folder)
    const {outcome} = await run(`cd $'a;b%41\\n\\a\\e\\x7fé '`)
    expect(outcome).toEqual({kind: 'completed', exitCode: 0, cwd: folder})
    expect(shell.cwd).toBe(folder)
  })

  test('a run needs no callbacks', async () => {
    const {shell, home} = await temporaryShell()
    expect(await shell.run('echo no callback; false')).toEqual({kind: 'completed', exitCode: 1, cwd: home})
  })

  test('the start is reported once', async () => {
    const {run} = await temporaryShell()
    let starts = 0
    await run('echo a\necho b', {onStart: () => starts++})
    await run('# nothing', {onStart: () => starts++})
    expect(starts).toBe(1)
  })
})

describe('while a command runs', () => {
  test('Ctrl-C ends it with 130, and the next lines are not run', async () => {
    const {run, shell} = await temporaryShell()
    const {output, outcome} = await run('sleep 300\necho after', {onStart: () => shell.interrupt()})
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 130})
    expect(output).not.toContain('after')
    expect((await run('echo $?')).output).toBe('130\r\n')
  })

  test('Ctrl-C before it starts ends it', async () => {
    const {run, shell} = await temporaryShell()
    const running = run('sleep 300')
    shell.interrupt()
    expect((await running).outcome).toMatchObject({kind: 'completed', exitCode: 130})
  })

  test('Ctrl-C that comes too late does not reach the next command', async () => {
    const {shell, run} = await temporaryShell()
    for (let round = 0; round < 15; round++) {
      const onOutput = () => shell.interrupt()
      expect(await shell.run('sleep 0.06; printf end', {onOutput})).toMatchObject({kind: 'completed'})
      expect((await run('echo next')).output).toBe('next\r\n')
    }
  })

  test('Ctrl-C without a command does nothing', async () => {
    const {run, shell} = await temporaryShell()
    shell.interrupt()
    expect(await run('echo $?')).toMatchObject({output: '0\r\n', outcome: {exitCode: 0}})
  })

  test('Ctrl-C ends a flood', async () => {
    const {run, shell} = await temporaryShell()
    const {outcome} = await run('yes', {onStart: () => shell.interrupt()})
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 130})
  })

  test('input reaches the program', async () => {
    const {run, shell} = await temporaryShell()
    const {output, outcome} = await run('cat', {onStart: () => shell.input('hello\n\x04')})
    expect(output).toBe('hello\r\nhello\r\n')
    expect(outcome).toMatchObject({exitCode: 0})
  })

  test('input sent before the program starts waits for it', async () => {
    const {run, shell} = await temporaryShell()
    const running = run('read x; echo "[$x]"')
    shell.input(Buffer.from('early\n'))
    expect((await running).output).toBe('early\r\n[early]\r\n')
  })

  test('a nested shell, with a line editor of its own, is a command that runs', async () => {
    const {run, shell} = await temporaryShell()
    const {output, outcome} = await run('bash --norc', {onStart: () => shell.input('echo "in $((6 * 7))"; exit 4\n')})
    expect(output).toContain('in 42\r\n')
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 4})
  })

  test('a second command is rejected', async () => {
    const {run, shell} = await temporaryShell()
    const first = run('sleep 300')
    await expect(run('echo hi')).rejects.toMatchObject({name: 'ShellError', code: 'busy'})
    shell.interrupt()
    expect((await first).outcome).toMatchObject({exitCode: 130})
  })

  test('an error of a callback rejects the run when the command has ended', async () => {
    const {run, shell} = await temporaryShell()
    const fault = new Error('full')
    const onOutput = () => {
      throw fault
    }
    await expect(shell.run('echo a; sleep 0.01; echo b', {onOutput})).rejects.toBe(fault)
    expect((await run('echo ok')).output).toBe('ok\r\n')
  })

  test('the program sees a new size', async () => {
    const {run, shell} = await temporaryShell('', {size: {cols: 100, rows: 30}})
    expect((await run('stty size')).output).toBe('30 100\r\n')
    shell.resize({cols: 120, rows: 40})
    expect((await run('stty size')).output).toBe('40 120\r\n')
  })

  test('a paused terminal makes the program wait', async () => {
    const flood = 'head -c 3000000 /dev/zero; touch done'
    const {run, shell, home} = await temporaryShell()
    const running = run(flood, {onStart: () => shell.pause()})
    // Long enough: until another shell has done the same.
    await (await temporaryShell()).run(flood)
    expect(existsSync(join(home, 'done'))).toBe(false)
    shell.resume()
    expect((await running).output.length).toBe(3_000_000)
    expect(existsSync(join(home, 'done'))).toBe(true)
  })

  test('text that cannot be typed is rejected', async () => {
    const {run} = await temporaryShell()
    await expect(run('echo \x03')).rejects.toMatchObject({
      code: 'untypable',
      message: 'the command contains the character 0x03 at index 5, on which the terminal acts: write it as an escape',
    })
  })
})

describe('the end of the shell', () => {
  test.each([
    ['exit 3', {exitCode: 3, signal: undefined}],
    ['set -e; false', {exitCode: 1, signal: undefined}],
    ['exec true', {exitCode: 0, signal: undefined}],
    ['kill -9 $$', {exitCode: undefined, signal: 'SIGKILL'}],
  ])('%s', async (command, exit) => {
    const {run, shell} = await temporaryShell()
    expect(await run(command)).toMatchObject({output: '', outcome: {kind: 'exited', ...exit}})
    expect(await shell.closed).toEqual(exit)
    await expect(run('echo hi')).rejects.toMatchObject({code: 'closed'})
  })

  test.each([
    ['echo one; (exit 4); exit', 'one\r\n', 4],
    ['set -e; false || exit 3', '', 3],
    ['set -eux; trap "exit 5" ERR; false', /^(?!exit).*\+ exit 5\r\n$/s, 5],
    [`trap 'echo "status $?"; (exit 9); exit' EXIT; exit 3`, 'status 3\r\n', 3],
    ["trap 'echo exit' EXIT; exit 3", 'exit\r\n', 3],
    ["trap 'echo exit' EXIT; exec 2>/dev/null; exit 3", 'exit\r\n', 3],
    ['IFS=0123456789; set -k; trap \'exit\' INT; echo exit; kill -INT "$$"', 'exit\r\n', 0],
    ['printf ex; echo it; exec true', 'exit\r\n', 0],
    ['(exit 3) | cat; (exit); x=$(exit 1); echo exit; eval exit 7', 'exit\r\n', 7],
    [`set -T; trap 'echo "> $BASH_COMMAND"' DEBUG; exit 2`, /^(?!.*holdfast).*> exit 2\r\n/s, 2],
    ['exit no', /^bash: .*exit: no: numeric argument required\r\n$/, 2],
  ])('bash: the output of %j has not the line that bash prints', async (command, output, exitCode) => {
    const {run} = await temporaryShell()
    const ended = await run(command)
    expect(ended.outcome).toEqual({kind: 'exited', exitCode, signal: undefined})
    expect(ended.output).toMatch(output)
    if (typeof output === 'string') expect(ended.output).toBe(output)
  })

  test('bash: an exit that stopped jobs prevent says so', async () => {
    const {run} = await temporaryShell()
    const {output, outcome} = await run("sh -c 'kill -STOP $$'; exit; echo still here")
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
    expect(output).toMatch(/\r\nThere are stopped jobs\.\r\nstill here\r\n$/)
    expect(output).not.toMatch(/^exit/m)
  })

  test.each([
    ['the next command', ['exit 4', '(exit 4); exit'], 4],
    ['the same command', ['exit; exit 3'], 3],
  ])('bash: an exit in %s leaves stopped jobs behind', async (_, prompts, exitCode) => {
    const {run} = await temporaryShell()
    await run("sh -c 'kill -STOP $$'")
    for (const command of prompts.slice(0, -1))
      expect(await run(command)).toMatchObject({outcome: {kind: 'completed'}, output: 'There are stopped jobs.\r\n'})
    expect((await run(prompts.at(-1)!)).outcome).toEqual({kind: 'exited', exitCode, signal: undefined})
  })

  test('bash: an exit that stopped jobs prevent prevents the one after another command, too', async () => {
    const {run} = await temporaryShell()
    await run("sh -c 'kill -STOP $$'")
    await run('exit')
    await run('true')
    expect((await run('exit')).outcome).toMatchObject({kind: 'completed'})
  })

  test('all output is delivered before it, even when jobs stay behind', async () => {
    for (let round = 0; round < 5; round++) {
      const {run, shell} = await temporaryShell()
      const {output, outcome} = await run("setsid sleep 2 & head -c 1000000 /dev/zero | tr '\\0' x; exit 3")
      expect(output.match(/x+/)?.[0].length).toBe(1_000_000)
      expect(outcome).toMatchObject({kind: 'exited', exitCode: 3})
      await shell.closed
    }
  })

  test('all output is delivered before it, even when the terminal was paused as the shell ended', async () => {
    const {shell} = await temporaryShell()
    let output = ''
    const {promise: paused, resolve} = Promise.withResolvers<void>()
    const running = shell.run('printf abc; exit 3', {
      onStart() {
        shell.pause()
        resolve()
      },
      onOutput: (data) => (output += Buffer.from(data).toString()),
    })
    // The shell may be gone before its first output is read.
    await paused
    await expect.poll(() => existsSync(`/proc/${shell.pid}`), {interval: 5}).toBe(false)
    shell.resume()
    expect(await running).toMatchObject({kind: 'exited', exitCode: 3})
    expect(output).toBe('abc')
  })

  test('close ends a shell that runs a command', async () => {
    const {run, shell} = await temporaryShell()
    const running = run('sleep 300')
    await shell.close()
    expect((await running).outcome).toMatchObject({kind: 'exited'})
    await shell.close()
  })

  test('close does not need to kill a shell at its prompt', async () => {
    for (let round = 0; round < 10; round++) {
      const {run, shell} = await temporaryShell()
      await run('true')
      await shell.close({graceMs: 20_000})
      expect(await shell.closed).toEqual({exitCode: undefined, signal: 'SIGHUP'})
    }
  })

  test('close ends a shell that ignores a hang-up', async () => {
    const {run, shell} = await temporaryShell()
    await run("trap '' HUP")
    await shell.close()
    expect(await shell.closed).toEqual({exitCode: undefined, signal: 'SIGKILL'})
  })

  test('close ends a shell that is stopped', async () => {
    const {run, shell} = await temporaryShell()
    const running = run('kill -STOP $$')
    const state = () => readFileSync(`/proc/${shell.pid}/stat`, 'utf8').split(' ')[2]
    await expect.poll(state, {interval: 5}).toBe('T')
    await shell.close({graceMs: 20_000})
    expect((await running).outcome).toMatchObject({kind: 'exited', signal: 'SIGHUP'})
  })
})

test.each([
  ['bash', 'PROMPT_COMMAND=hold\n'],
  ['zsh', 'precmd_functions+=(hold)\n'],
  ['fish', ''],
] as const)(
  '%s: input is refused from the end of the command on, although the prompt is not yet drawn',
  async (name, more) => {
    const body = '[ ! -e ran ] || until [ -e go ]; do sleep 0.01; done'
    const start =
      name === 'fish' ? `function fish_prompt; sh -c '${body}'; echo '> '; end\n` : `hold() { ${body}; }\n${more}`
    const {run, shell, home} = await temporaryShell(start, {name})
    let hasBegun = false
    const ended = run('touch ran; echo begun', {onOutput: () => void (hasBegun = true)})
    await expect.poll(() => hasBegun && !shell.input(''), {interval: 1}).toBe(true)
    expect(shell.input('for nobody')).toBe(false)
    writeFileSync(join(home, 'go'), '')
    expect((await ended).output).toBe('begun\r\n')
    expect((await run('echo next')).output).toBe('next\r\n')
  },
)

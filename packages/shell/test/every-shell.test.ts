import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {stripVTControlCharacters} from 'node:util'

import {describe, expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import type {ShellExit, Size} from '../src/index.ts'
import {readProcessStat} from '../src/process-stat.ts'
import {BUSY_MS} from '../src/run/run-shell.ts'
import {SHELLS, temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'
import {whenPrinted} from './fixtures/when-printed.ts'

/** Commands that end the shell. In fish, `set -e` erases variables, and ends nothing. */
const ENDS: readonly [command: string, exit: ShellExit][] = [
  ['set -e; false', {exitCode: 1, signal: undefined}],
  ['exit 3', {exitCode: 3, signal: undefined}],
  ['exec true', {exitCode: 0, signal: undefined}],
  ["exec sh -c 'kill -9 $$'", {exitCode: undefined, signal: 'SIGKILL'}],
]

/** A value for each shell; `posix` is for those that are not named. */
type Each<T> = T | ({posix: T} & Partial<Record<ShellName, T>>)

interface Case {
  what: string
  command: Each<string>
  output: Each<string | RegExp>
  exitCode: Each<number>
  /** The output of the next command, `echo $?`, if it is another status. */
  next?: Each<number>
}

const STATUS: Each<string> = {posix: 'echo $?', fish: 'echo $status'}

const CASES: readonly Case[] = [
  {what: 'a line', command: 'echo hi', output: 'hi\r\n', exitCode: 0},
  {what: 'output without a newline', command: 'printf abc', output: 'abc', exitCode: 0},
  {what: 'no output', command: 'true', output: '', exitCode: 0},
  {what: 'an empty line', command: '', output: '', exitCode: 0},
  {what: 'a comment with an apostrophe', command: "echo hi # it's", output: 'hi\r\n', exitCode: 0},
  {what: 'nothing but a comment', command: '# nothing', output: '', exitCode: 0},
  {what: 'a failure', command: 'false', output: '', exitCode: 1},
  {what: 'a status', command: {posix: '(exit 77)', fish: 'sh -c "exit 77"'}, output: '', exitCode: 77},
  {
    what: 'a killed program',
    command: "sh -c 'kill -9 $$'",
    output: {posix: /^(Killed\r\n)?$/, zsh: /killed/, fish: /SIGKILL/},
    exitCode: 137,
  },
  {
    what: 'a command that does not exist',
    command: 'no-such-command',
    output: /not found|Unknown command/,
    exitCode: 127,
  },
  {
    what: 'a line that does not parse',
    command: 'echo )',
    output: {
      posix: /^[^\r]*[Ss]yntax error[^\n]*\r\n$/,
      zsh: /^zsh: parse error near `\)'\r\n$/,
      fish: /^fish: Unexpected '\)'[^]*\^\r\n$/,
    },
    exitCode: {posix: 2, zsh: 1, fish: 127},
    next: {posix: 2, zsh: 1, fish: 0},
  },
  {what: 'tabs', command: "printf '%s' 'a\tb\t\tc'", output: 'a\tb\t\tc', exitCode: 0},
  {
    what: 'exclamation marks',
    command: {posix: 'echo "a!zzq" !! !x', fish: 'echo "a!zzq" !! !x'},
    output: 'a!zzq !! !x\r\n',
    exitCode: 0,
  },
  {
    what: 'backslashes and percents',
    command: "printf '%s' 'a\\b\\\\c\\x41%41%%'",
    output: {posix: 'a\\b\\\\c\\x41%41%%', fish: 'a\\b\\c\\x41%41%%'},
    exitCode: 0,
  },
  {
    what: 'escapes, a carriage return and the end of a paste',
    command: "printf %s '\x1b[1m\r\x1b[201~x'",
    output: '\x1b[1m\r\x1b[201~x',
    exitCode: 0,
  },
  {what: 'text beyond ASCII', command: 'echo "é€😀"', output: 'é€😀\r\n', exitCode: 0},
  {
    what: 'many lines',
    command: {posix: 'echo a\n\nfalse\n# c\necho $?', fish: 'echo a\n\nfalse\n# c\necho $status'},
    output: 'a\r\n1\r\n',
    exitCode: 0,
  },
  {
    what: 'a loop over lines',
    command: {posix: 'for i in 1 2; do\n\n  echo $i\ndone', fish: 'for i in 1 2\n\n  echo $i\nend'},
    output: '1\r\n2\r\n',
    exitCode: 0,
  },
  {what: 'a line that goes on', command: 'echo a \\\n  b', output: 'a b\r\n', exitCode: 0},
  {
    what: 'coloured output that begins with a sequence',
    command: "printf '\\033[31mred'",
    output: '\x1b[31mred',
    exitCode: 0,
  },
  {what: 'a nested shell that ends', command: "sh -c 'echo in; exit 3'", output: 'in\r\n', exitCode: 3},
]

const HEREDOCS: readonly Case[] = [
  {
    what: 'a here-document',
    command: "cat <<'E'\n  it's $x\n\ta\tb\\\nE",
    output: "  it's $x\r\n\ta\tb\\\r\n",
    exitCode: 0,
  },
  {what: 'an indented here-document', command: 'cat <<-E\n\ta\n\tE', output: 'a\r\n', exitCode: 0},
  {
    what: 'functions with the names of commands that the hooks use',
    command: 'printf() { :; }; tr() { :; }; echo ok; unset -f printf tr',
    output: 'ok\r\n',
    exitCode: 0,
  },
]

const SLOW_POSIX = 'sleep 0.3; echo welcome; PS1="$(printf "\\033[38;5;31m~ \\033[0m\\n\\033[1m> \\033[0m")"'
const SLOW_START: Readonly<Record<ShellName, string>> = {
  bash: `${SLOW_POSIX}; PROMPT_COMMAND='sleep 0.05; printf "\\033]0;title\\007noise"'`,
  zsh: `${SLOW_POSIX}; setopt prompt_subst; RPROMPT='%F{red}right%f'; prompting() { sleep 0.05; print -n noise }; precmd_functions+=(prompting)`,
  fish: 'sleep 0.3; echo welcome; function fish_prompt; sleep 0.05; set_color red; echo "~"; echo "> "; end; function fish_right_prompt; echo right; end',
  dash: SLOW_POSIX,
  sh: SLOW_POSIX,
}

const NEVER_BACK_POSIX = `hang() { [ -e gone ] && sh -c 'trap "" INT; sleep 100'; }`
/** Its prompt hangs, and ignores Ctrl-C, once a file named `gone` exists. */
const NEVER_BACK: Readonly<Record<ShellName, string>> = {
  bash: `${NEVER_BACK_POSIX}; PROMPT_COMMAND=hang`,
  zsh: `${NEVER_BACK_POSIX}; precmd_functions=(hang)`,
  fish: `function fish_prompt; if test -e gone; sh -c 'trap "" INT; sleep 100'; end; end`,
  dash: `${NEVER_BACK_POSIX}; PS1='$(hang)> '`,
  sh: `${NEVER_BACK_POSIX}; PS1='$(hang)> '`,
}

describe.each(SHELLS)('%s', (name) => {
  test.each([...CASES, ...(name === 'fish' ? [] : HEREDOCS)])('$what', async (each) => {
    const {run, home} = await temporaryShell('', {name})
    const exitCode = inShell(each.exitCode, name)
    const first = await run(inShell(each.command, name))
    const output = inShell(each.output, name)
    if (typeof output === 'string') expect(first.output).toBe(output)
    else expect(first.output).toMatch(output)
    expect(first.outcome).toEqual({kind: 'completed', exitCode, cwd: home})
    const next = each.next === undefined ? exitCode : inShell(each.next, name)
    expect(await run(inShell(STATUS, name))).toMatchObject({output: `${next}\r\n`, outcome: {exitCode: 0}})
  })

  test('text of 50 kB arrives byte for byte, in one line and in many', async () => {
    const {run, home} = await temporaryShell('', {name})
    const line = 'x!\t"$é '.repeat(7000)
    await run(`printf %s '${line}' > one`)
    expect(readFileSync(join(home, 'one'), 'utf8')).toBe(line)
    const lines = 'some\ttext of "a line"\n'.repeat(2400)
    await run(name === 'fish' ? `printf %s '${lines}' > many` : `cat > many <<'END'\n${lines}END`)
    expect(readFileSync(join(home, 'many'), 'utf8')).toBe(lines)
  })

  test.each(
    name === 'fish'
      ? ["echo 'a", 'echo "a', 'echo a \\', 'echo (a', 'if true', 'echo a\necho (', 'begin; echo a']
      : ["echo 'a", 'echo "a', 'echo a \\', 'cat <<E\na', '(echo a', 'if true; then', 'echo a\necho $('],
  )('unfinished %j is cancelled, and the shell is usable', async (command) => {
    const {run} = await temporaryShell('', {name})
    expect((await run(command)).outcome).toEqual({kind: 'incomplete-input'})
    expect(await run('echo ok')).toMatchObject({output: 'ok\r\n', outcome: {exitCode: 0}})
  })

  test.each(name === 'fish' ? [] : ["PS4='+ '"])('after %s, a trace shows nothing of the hooks', async (startFile) => {
    const {run} = await temporaryShell(startFile, {name})
    expect((await run('set -x')).output).toBe('')
    expect((await run('echo hi')).output).toBe('+ echo hi\r\nhi\r\n')
    expect((await run('cd /')).output).toBe('+ cd /\r\n')
  })

  test('the folder is reported whatever its name', async () => {
    const {run, shell, home} = await temporaryShell('', {name})
    const folder = join(home, 'a;b%41\n\x07\x1b\x7fé ')
    await mkdir(folder)
    const {outcome} = await run('cd a*')
    expect(outcome).toEqual({kind: 'completed', exitCode: 0, cwd: folder})
    expect(shell.cwd).toBe(folder)
  })

  test('Ctrl-C ends a command with 130, and the shell is usable', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const {outcome} = await run('sleep 300', {onStart: () => shell.interrupt()})
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 130})
    expect((await run(inShell(STATUS, name))).output).toBe('130\r\n')
  })

  test('input reaches the program', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const {output, outcome} = await run('cat', {onStart: () => shell.input('hello\n\x04')})
    expect(output).toBe('hello\r\nhello\r\n')
    expect(outcome).toMatchObject({exitCode: 0})
  })

  test('a program that reads Ctrl-C as a byte is interrupted, and the next command is unaffected', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const running = run('stty -isig -echo; sleep 300')
    await expect.poll(() => foregroundOf(shell.pid), {interval: 5}).toBe('sleep')
    shell.interrupt()
    expect((await running).outcome).toMatchObject({kind: 'completed', exitCode: 130})
    expect((await run('stty isig echo; echo ok')).output).toContain('ok')
  })

  test('a program that ignores all but SIGKILL ends when it is interrupted again and again', async () => {
    const {run, shell} = await temporaryShell('', {name})
    let pressing: NodeJS.Timeout | undefined
    const {outcome} = await run(
      `sh -c 'trap "" INT TERM; echo rea""dy; while :; do sleep 1; done'`,
      whenPrinted('ready', () => {
        shell.interrupt()
        pressing = setInterval(shell.interrupt, 600)
      }),
    )
    clearInterval(pressing)
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 137})
    expect((await run('echo ok')).output).toBe('ok\r\n')
  })

  test('a REPL is a running command, takes input, and handles Ctrl-C itself', async () => {
    const {run, shell} = await temporaryShell('', {name})
    let seen = ''
    const steps: [on: string, act: () => void][] = [
      ['>>> ', () => shell.input('6*7\n')],
      ['42', shell.interrupt],
      ['KeyboardInterrupt', shell.interrupt],
      ['KeyboardInterrupt', shell.interrupt],
      ['KeyboardInterrupt', shell.interrupt],
      ['KeyboardInterrupt', () => shell.input('exit(5)\n')],
    ]
    need('python3')
    const {outcome} = await run('python3 -q', {
      onOutput(data: Uint8Array) {
        seen += Buffer.from(data).toString()
        const [on, act] = steps[0] ?? []
        if (on === undefined || act === undefined || !seen.includes(on)) return
        seen = ''
        steps.shift()
        setTimeout(act, 100)
      },
    })
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 5})
  })

  test('a program that prints its input, and one that asks for a password, get their input', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const answer = (question: string, text: string) => whenPrinted(question, () => shell.input(text))
    const readLines = `sh -c 'echo lines?; while read x; do echo "[$x]"; done'`
    const lines = await run(readLines, answer('lines?', 'one\ntwo\n\x04'))
    expect(lines.output).toContain('[one]\r\n[two]\r\n')
    need('python3')
    const getPassword = `python3 -c 'import getpass; print(len(getpass.getpass("secret? ")))'`
    expect(await run(getPassword, answer('secret?', 'hidden\n'))).toMatchObject({
      output: 'secret? \r\n6\r\n',
      outcome: {exitCode: 0},
    })
  })

  test('`read` of the shell itself gets input, however long it waits', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const running = run('read x; echo "[$x]"', {
      onStart() {
        setTimeout(() => shell.input('an answer\n'), 700)
      },
    })
    const {output, outcome} = await running
    expect(output).toContain('[an answer]\r\n')
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
  })

  test('a nested shell is a running command, with its own prompts, until it ends', async () => {
    const {run, shell} = await temporaryShell('', {name})
    let seen = ''
    const {outcome} = await run('sh -i', {
      onOutput(data) {
        seen += Buffer.from(data).toString()
        if (seen.endsWith('# ') || seen.endsWith('$ '))
          shell.input(seen.includes('nested') ? 'exit 9\n' : 'echo nes""ted\n')
      },
    })
    expect(seen).toContain('nested\r\n')
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 9})
  })

  test.each([
    'echo no\n',
    'echo "no\n',
    'sleep 0.2\necho no\n',
    'no',
    '\x1b[200~no',
    '\x1b[A',
    '\x1b',
    '\x16',
    '\x18\x05',
  ])('after unread input %j, the next commands are unaffected', async (rest) => {
    const {run, shell, home} = await temporaryShell('', {name})
    await run(waitFor('go'), {
      onStart() {
        shell.input(rest)
        writeFileSync(join(home, 'go'), '')
      },
    })
    expect(await run('echo one')).toMatchObject({output: 'one\r\n', outcome: {exitCode: 0}})
    expect(await run('echo two')).toMatchObject({output: 'two\r\n', outcome: {exitCode: 0}})
  })

  test('the next line of a command comes after unread input', async () => {
    const {run, shell, home} = await temporaryShell('', {name})
    const {output} = await run(`${waitFor('go')}\necho one`, {
      onStart() {
        shell.input('echo t""wo\n')
        writeFileSync(join(home, 'go'), '')
      },
    })
    // fish takes all lines at once.
    expect(output).toMatch(name === 'fish' ? /one\r\n/ : /one\r\n$/)
    expect((await run('echo next')).output).toBe('next\r\n')
  })

  test.each([...(name === 'fish' ? [] : ["trap '' INT", "trap 'echo trapped' INT"]), 'stty raw -echo', 'stty intr y'])(
    'after %j, unfinished input is cancelled, and the shell is usable',
    async (command) => {
      const {run} = await temporaryShell('', {name})
      await run(command)
      for (const unfinished of ['echo "open', name === 'fish' ? 'if true' : 'cat <<E\na', 'echo (']) {
        const {outcome} = await run(unfinished)
        if (unfinished !== 'echo (' || name === 'fish') expect(outcome).toEqual({kind: 'incomplete-input'})
        expect((await run('echo ok')).output).toMatch(/^ok\r?\n$/)
      }
      if (command.startsWith('trap')) expect((await run('trap')).output).toContain(command.slice(5, -3))
    },
  )

  test('Ctrl-C ends a shell that never returns to its prompt', async () => {
    const {run, shell, home} = await temporaryShell(NEVER_BACK[name], {name})
    // Ctrl-C would end `touch` before.
    const press = () => existsSync(join(home, 'gone')) && shell.interrupt()
    const pressing = setInterval(press, 500)
    let {outcome} = await run('touch gone')
    // Where a run does not wait for the prompt, the next command hangs.
    if (outcome.kind === 'completed') ({outcome} = await run('true'))
    clearInterval(pressing)
    expect(outcome).toEqual({kind: 'exited', exitCode: undefined, signal: 'SIGKILL'})
  })

  test('a shell that replaces it by exec is a running program, to which nothing is typed', async () => {
    const {run, shell} = await temporaryShell('', {name})
    // Long after its line editor has opened.
    const type = () => setTimeout(() => shell.input('echo "in $((6 * 7))"; exit 4\n'), 500)
    const {output, outcome} = await run('exec bash --norc', whenPrinted('bash-', type))
    expect(output).toMatch(/[#$] echo "in[^\n]*\n[^\n]*in 42\r\n/)
    expect(outcome).toEqual({kind: 'exited', exitCode: 4, signal: undefined})
  })

  test('a background job keeps running, and its later output does not end another run', async () => {
    const {run} = await temporaryShell('', {name})
    const job = `sh -c '${waitIn('go')}; echo late; touch printed' &`
    expect((await run(job)).outcome).toMatchObject({exitCode: 0})
    const {output, outcome} = await run(`echo now; touch go; ${waitFor('printed')}`)
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
    expect(output.replaceAll(/\[1\][^\n]*\n/g, '')).toContain('now\r\nlate\r\n')
  })

  test('output of a background job at the prompt is background output, and no part of any run', async () => {
    const {run, shell, home} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    let isPromptDrawn = false
    shell.onPrompt(() => (isPromptDrawn = true))
    const onStart = () => (isPromptDrawn = false)
    await run(`sh -c '${waitIn('one')}; echo late; ${waitIn('two')}; echo later' &`, {onStart})
    await expect.poll(() => isPromptDrawn).toBe(true)
    writeFileSync(join(home, 'one'), '')
    await expect.poll(() => background, {interval: 5}).toMatch(/^late\r\n/)
    writeFileSync(join(home, 'two'), '')
    await expect.poll(() => background, {interval: 5}).toMatch(/^late\r\nlater\r\n/)
    expect(await run('echo now')).toMatchObject({
      output: expect.stringMatching(/^now\r\n(\[1\][^\n]*\n)?$/) as string,
      outcome: {kind: 'completed', exitCode: 0},
    })
    expect(linesOf(background)).toEqual(['late', 'later'])
  })

  test('continuous output at the prompt is reported, each line once and in order', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const chunks: Buffer[] = []
    // So many that the prompt is drawn long before the last one.
    const count = 100_000
    shell.onBackgroundOutput((data) => chunks.push(Buffer.from(data)))
    await run(`sh -c 'i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "line $i"; done' &`)
    const output = () => Buffer.concat(chunks).toString()
    await expect.poll(output, {interval: 20}).toContain(`line ${count}\r\n`)
    const all = linesOf(output()).map((text) => stripVTControlCharacters(text))
    // The shell mostly draws its prompt among the first lines.
    const promptAt = all.slice(0, 3).findLastIndex((line) => !/^line \d+$/.test(line))
    const [first = '', ...lines] = all.slice(Math.max(0, promptAt))
    const numbers = lines.map((line) => Number(/line (\d+)$/.exec(line)?.[1]))
    expect(numbers.length).toBeGreaterThan(1000)
    // fish draws its prompt in pieces, between which it may wait: some output in between may be missing.
    if (name === 'fish') return
    // The first lines belong to the run or to the prompt; none of the others is missing.
    const seam = numbers.findIndex((number, index) => number !== count + 1 - numbers.length + index)
    expect(seam, `the seam in ${JSON.stringify(lines.slice(Math.max(0, seam - 2), seam + 3))}`).toBe(-1)
    // A shell blocked in a write seems to wait: the drawn part of its prompt may be reported, once.
    expect(lines.filter((line) => !/^line \d+$/.test(line)).length).toBeLessThanOrEqual(1)
    const line = `line ${numbers[0]! - 1}`
    // zsh draws blanks first, which the job may separate from the rest of the prompt.
    expect(
      first.trim() === '' || line.endsWith(first) || first.endsWith(line),
      `the rest of a line, got ${first}`,
    ).toBe(true)
  })

  test('a shell that draws its prompt again for another size reports no background output', async () => {
    const {run, shell, home} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    await run(`sh -c 'until [ -e stop ]; do echo tick; sleep 0.01; done; echo end' &`)
    for (const cols of [60, 100, 90]) {
      shell.resize({cols, rows: 24})
      const before = background.length
      await expect.poll(() => background.length, {interval: 5}).toBeGreaterThan(before + 20)
    }
    writeFileSync(join(home, 'stop'), '')
    await expect.poll(() => background, {interval: 5}).toContain('end\r\n')
    expect([...new Set(linesOf(background))]).toEqual(['tick', 'end'])
  })

  test('a prompt that the shell draws twice, or while it answers, is no background output', async () => {
    const {run, shell} = await temporaryShell('', {name})
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    const runAndRest = async (command: string, size?: Size, onStart = () => {}) => {
      await run(command, {onStart})
      if (size) shell.resize(size)
      await delay(100)
    }
    // The prompt is known once it was seen twice; that of fish differs at its start.
    for (const command of ['true', 'true', 'true']) await runAndRest(command)
    // After input for a program, the shell is asked whether it has read everything.
    await runAndRest('read x', undefined, () => shell.input('yes\n'))
    await runAndRest('true', {cols: 100, rows: 30})
    expect(background).toBe('')
  })

  test('recorded terminal output, markers included, is text when it is printed again', async () => {
    const {run, home} = await temporaryShell('', {name})
    const recording =
      '\x1b]7133;0123456789abcdef0123456789abcdef;end;0;/tmp\x07\x1b[?2004h$ \x1b_12345678abcdef01;0\x1b\\'
    writeFileSync(join(home, 'recording'), recording)
    expect(await run('cat recording')).toMatchObject({output: recording, outcome: {kind: 'completed', exitCode: 0}})
  })

  test('slow start files that print, and a complex prompt, are no part of any output', async () => {
    const {run} = await temporaryShell(SLOW_START[name], {name})
    expect(await run('printf abc')).toMatchObject({output: 'abc', outcome: {exitCode: 0}})
    expect((await run('false')).outcome).toMatchObject({exitCode: 1})
    expect((await run(inShell(STATUS, name))).output).toBe('1\r\n')
  })

  test('Ctrl-C reaches a program in the middle of its flood before more of that is read', async () => {
    const {run, shell, home} = await temporaryShell('', {name})
    let bytes = 0
    let startedAt = Infinity
    let isReceived: boolean | undefined
    const flood = `bash -c 'trap "echo >received; exit 3" INT; while :; do printf "%04096d" 1; done'`
    const {outcome} = await run(flood, {
      onStart: () => (startedAt = performance.now()),
      onOutput(data) {
        bytes += data.length
        // The run delays a Ctrl-C right after the start of a program.
        const isFlood = bytes > 2_000_000 && performance.now() > startedAt + 2 * BUSY_MS
        if (!isFlood || isReceived !== undefined) return
        shell.interrupt()
        // This process reads nothing meanwhile.
        isReceived = comesWithin(3000, () => existsSync(join(home, 'received')))
      },
    })
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 3})
    expect(isReceived).toBe(true)
  })

  test.each(ENDS.filter(([command]) => name !== 'fish' || !command.startsWith('set -e')))(
    '%s ends the shell',
    async (command, exit) => {
      const {run, shell} = await temporaryShell('', {name})
      expect((await run(command)).outcome).toEqual({kind: 'exited', ...exit})
      expect(await shell.closed).toEqual(exit)
    },
  )
})

test.each(['', 'function fish_title; end', 'function fish_title; printf "a\\\\ab"; end'])(
  'the title that fish sets (%j) is no part of the output',
  async (startFile) => {
    const {run} = await temporaryShell(startFile, {name: 'fish'})
    for (const command of ['echo hi', 'echo hi # \x07 in the title']) {
      expect(await run(command)).toMatchObject({output: 'hi\r\n', outcome: {exitCode: 0}})
    }
    expect((await run('false')).output).toBe('')
  },
)

test('a slow prompt of dash is no second end', async () => {
  const {run} = await temporaryShell("PS1='$(sleep 0.5)> '", {name: 'dash'})
  for (const text of ['one', 'two']) {
    expect(await run(`sleep 0.7; echo ${text}`)).toMatchObject({output: `${text}\r\n`, outcome: {exitCode: 0}})
  }
})

test('dash takes a command although its prompts are redirected', async () => {
  const {run} = await temporaryShell('', {name: 'dash'})
  await run('exec 2>/dev/null')
  expect(await run('echo ok')).toMatchObject({output: 'ok\r\n', outcome: {exitCode: 0}})
})

/** Commands that run until a file exists, in a POSIX shell. */
function waitIn(file: string): string {
  return `until [ -e ${file} ]; do sleep 0.01; done`
}

/** The same, in any shell. */
function waitFor(file: string): string {
  return `sh -c '${waitIn(file)}'`
}

/** The lines of background output, without the shell's messages about jobs. */
function linesOf(background: string): string[] {
  return background.split(/[\r\n]+/).filter((line) => line !== '' && !/^(\[1\] |fish: Job 1)/.test(line))
}

/** Checks again and again, and blocks this process meanwhile. */
function comesWithin(ms: number, look: () => boolean): boolean {
  const until = performance.now() + ms
  while (!look()) if (performance.now() > until) return false
  return true
}

/** The name of the program in the foreground of the shell's terminal. */
function foregroundOf(pid: number): string | undefined {
  const stat = readProcessStat(pid)
  return stat && readFileSync(`/proc/${stat.foregroundGroup}/comm`, 'utf8').trim()
}

function inShell<T>(each: Each<T>, name: ShellName): T {
  if (typeof each !== 'object' || each instanceof RegExp || each === null || !('posix' in each)) return each as T
  return each[name] ?? each.posix
}

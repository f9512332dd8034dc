import {readdirSync} from 'node:fs'
import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'

import {describe, expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import type {Completions, Shell} from '../../src/index.ts'
import {temporaryShell, type ShellName} from '../fixtures/temporary-shell.ts'

/** The shells that complete in a side process. */
const COMPLETING = ['bash', 'zsh', 'fish'] as const
const ALL = [...COMPLETING, 'dash'] as const

async function open(name: ShellName, startFile = '') {
  if (name === 'bash') need('bash-completion')
  // The prompt of fish runs git, which takes time.
  const prompt = name === 'fish' ? "function fish_prompt; echo -n '> '; end\n" : ''
  const opened = await temporaryShell(prompt + startFile, {name})
  const {home, shell} = opened
  shell.expectCompletion()
  await Promise.all(['docs', 'two words', 'src/deep'].map((folder) => mkdir(join(home, folder), {recursive: true})))
  await writeFile(join(home, 'data.txt'), '')
  await writeFile(join(home, 'Makefile'), 'build:\n\ttrue\nbench:\n\ttrue\n')
  await mkdir(join(home, '.ssh'))
  await writeFile(join(home, '.ssh/config'), 'Host harbour\n  HostName 127.0.0.1\n')
  return opened
}

/** The answer of the shell, not the paths until it is ready. `▏` is the cursor; the default is the end. */
async function complete(shell: Shell, line: string): Promise<Completions & {lines: string[]}> {
  const [before = '', after = ''] = line.split('▏')
  let answer = await shell.complete(before)
  while (answer.isPartial) answer = await shell.complete(before)
  const {start, candidates} = answer
  return {...answer, lines: candidates.map(({insert, suffix}) => before.slice(0, start) + insert + suffix + after)}
}

describe.each(ALL)('in %s,', (name) => {
  test('cd offers folders, written so that the shell reads their names', async () => {
    const {shell} = await open(name)
    const {lines} = await complete(shell, 'cd ')
    expect(lines).toEqual(expect.arrayContaining(['cd docs/', 'cd src/', String.raw`cd two\ words/`]))
    expect(lines).not.toContain('cd data.txt ')
    expect((await complete(shell, 'cd tw')).common).toBe(String.raw`two\ words/`)
    expect((await complete(shell, 'cd "tw')).lines).toEqual(['cd "two words/'])
    expect((await complete(shell, String.raw`cd two\ w`)).lines).toEqual([String.raw`cd two\ words/`])
    expect((await complete(shell, 'cd src/')).lines).toEqual(['cd src/deep/'])
  })

  test('a path begins with the home folder, or with a variable', async () => {
    const {shell} = await open(name)
    expect((await complete(shell, 'cat ~/dat')).lines).toEqual(['cat ~/data.txt '])
    expect((await complete(shell, 'cat $HOME/dat')).lines).toEqual(['cat $HOME/data.txt '])
    expect((await complete(shell, 'cat < dat')).lines).toEqual(['cat < data.txt '])
    expect((await complete(shell, 'cat da▏ | wc')).lines).toEqual(['cat data.txt  | wc'])
  })

  test('variables and commands have their names completed', async () => {
    const {shell} = await open(name)
    expect((await complete(shell, 'echo $HO')).candidates.map(({insert}) => insert)).toContain('$HOME')
    expect((await complete(shell, 'echo hi; mkfif')).lines).toEqual(['echo hi; mkfifo '])
    expect((await complete(shell, 'echo hi # mkfif')).lines).toEqual([])
  })
})

describe.each(COMPLETING)('in %s, the completions of the shell', (name) => {
  test('know the commands, the branches and the options of git', async () => {
    const {shell, run} = await open(name)
    const as = '-c user.name=a -c user.email=a@b'
    await run(`git init -q -b main; git ${as} commit -q --allow-empty -m first; git branch feature`)
    expect((await complete(shell, 'git che')).lines).toEqual(
      expect.arrayContaining(['git checkout ', 'git cherry ', 'git cherry-pick ']),
    )
    expect((await complete(shell, 'git checkout ')).lines).toEqual(
      expect.arrayContaining(['git checkout feature ', 'git checkout main ']),
    )
    expect((await complete(shell, 'git checkout fea')).lines).toEqual(['git checkout feature '])
    expect((await complete(shell, 'git log --onel')).lines).toEqual(['git log --oneline '])
    expect((await complete(shell, 'true && git che')).lines).toContain('true && git checkout ')
  })

  test('know the targets of make and the hosts of ssh', async () => {
    const {shell, run} = await open(name)
    // Loaded after the shell has reported its state a second time.
    await complete(shell, 'ls ')
    await run('true')
    expect((await complete(shell, 'make b')).lines).toEqual(['make bench ', 'make build '])
    expect((await complete(shell, 'make bu')).lines).toEqual(['make build '])
    expect((await complete(shell, 'ssh harb')).lines).toEqual(['ssh harbour '])
  })

  test('know what was defined at the prompt, and the folder', async () => {
    const {shell, run} = await open(name)
    const define = {
      bash: 'greetings() { :; }; alias greenhouse=ls; greenish=1; export GREENS=docs',
      zsh: 'greetings() { :; }; alias greenhouse=ls; greenish=1; export GREENS=docs',
      fish: 'function greetings; end; alias greenhouse=ls; set greenish 1; set -x GREENS docs',
    }[name]
    await run(define)
    // Defined before the first completion, and after it.
    await complete(shell, 'gree')
    await run('cd src')
    expect((await complete(shell, 'gree')).lines).toEqual(expect.arrayContaining(['greenhouse ', 'greetings ']))
    expect((await complete(shell, 'echo $gree')).lines[0]).toMatch(/^echo \$greenish ?$/)
    expect((await complete(shell, 'cd ')).lines).toContain('cd deep/')
    await run(name === 'fish' ? 'cd ..; functions -e greetings' : 'cd ..; unset -f greetings; unalias greenhouse')
    await run(name === 'fish' ? 'function greed; end' : 'greed() { :; }')
    expect((await complete(shell, 'gree')).lines).toContain('greed ')
    await run('mkdir docs/inner')
    expect((await complete(shell, 'cd $GREENS/')).lines).toEqual(['cd $GREENS/inner/'])
  })

  test('that hang are ended, and paths come instead', async () => {
    const hang = {
      bash: '_hang() { sleep 1000; }; complete -F _hang hang; hang() { :; }',
      zsh: 'autoload -Uz compinit; compinit -u; _hang() { sleep 1000 }; compdef _hang hang; hang() { : }',
      fish: 'function hang; end; complete -c hang -f -a "(sleep 1000)"',
    }[name]
    const {shell} = await open(name, hang)
    const first = await shell.complete('hang da')
    expect(first).toMatchObject({isPartial: true, candidates: [{insert: 'data.txt'}]})
    expect((await complete(shell, 'hang da')).lines).toEqual(['hang data.txt '])
    expect((await complete(shell, 'cat da')).lines).toEqual(['cat data.txt '])
  })

  test('print nothing into the session, and find no input', async () => {
    const noisy = {
      bash: '_noisy() { echo noise; echo noise >/dev/tty; read -r answer; COMPREPLY=("$answer"quiet); }; complete -F _noisy noisy',
      zsh: 'autoload -Uz compinit; compinit -u; _noisy() { echo noise; echo noise >/dev/tty; read -r answer; compadd -- "$answer"quiet }; compdef _noisy noisy',
      fish: 'function _noisy; echo noise >/dev/tty; read answer; echo "$answer"quiet; end; complete -c noisy -f -a "(_noisy </dev/null)"',
    }[name]
    const {shell, run} = await open(name, noisy)
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    expect((await complete(shell, 'noisy ')).lines).toEqual(['noisy quiet '])
    expect((await run('echo done')).output).toBe('done\r\n')
    expect(background).toBe('')
  })

  test('need a report of the shell, around which no prompt is taken for output', async () => {
    const {shell, run} = await open(name)
    let background = ''
    shell.onBackgroundOutput((data) => (background += Buffer.from(data).toString()))
    // A large report takes longer than a prompt is waited for.
    await run(
      name === 'fish'
        ? 'for i in (seq 3000); set -g filler_$i $i; end'
        : 'for i in {1..3000}; do eval filler_$i=$i; done',
    )
    for (let index = 0; index < 8; index++) await run('true')
    expect((await complete(shell, 'echo $filler_299')).total).toBe(11)
    expect(background).toBe('')
  })

  test('leave nothing behind when the shell is closed', async () => {
    const {shell, home} = await open(name)
    const temporary = join(home, 'temporary')
    const other = await temporaryShell('', {name, temporary})
    await complete(other.shell, 'cd ')
    expect(readdirSync(temporary)).toHaveLength(2)
    await other.shell.close()
    expect(readdirSync(temporary)).toEqual([])
    expect(other.shell.hasPrograms()).toBe(false)
    expect(shell.hasPrograms()).toBe(true)
  })
})

test('bash takes the specifications of the user as its line editor does', async () => {
  const {shell, run} = await open('bash')
  await run(`complete -W 'alpha beta' words; complete -d -S / folders; complete -C 'echo from-a-program;:' program`)
  await run(`_opts() { compopt -o nospace; COMPREPLY=(--size=); }; complete -F _opts opts`)
  await run(`_equals() { [[ $3 == = ]] && COMPREPLY=($(compgen -W 'big small' -- "$2")); }; complete -F _equals eq`)
  expect((await complete(shell, 'words ')).lines).toEqual(['words alpha ', 'words beta '])
  expect((await complete(shell, 'opts -')).lines).toEqual(['opts --size='])
  expect((await complete(shell, 'eq --size=b')).lines).toEqual(['eq --size=big '])
  expect((await complete(shell, 'program ')).lines).toEqual(['program from-a-program '])
})

/** Lines, and what Tab makes of them. */
const QUOTED = [
  [String.raw`cat b\ f`, String.raw`cat b\ file.txt `],
  ['cat "b f', 'cat "b file.txt" '],
  ["cat 'b ", "cat 'b file.txt' "],
  [String.raw`vim dir\ with\ space/s`, String.raw`vim dir\ with\ space/sub/`],
  [String.raw`cp x ~/dir\ with\ space/s`, String.raw`cp x ~/dir\ with\ space/sub/`],
  [String.raw`cat $HOME/b\ f`, String.raw`cat $HOME/b\ file.txt `],
  ['cat "$HOME/b f', 'cat "$HOME/b file.txt" '],
  ['ls "dir w', 'ls "dir with space/'],
  [String.raw`cat it\'s\ dir/`, String.raw`cat it\'s\ dir/x `],
  ['cat "it\'s dir/', 'cat "it\'s dir/x" '],
  [String.raw`cat q\"`, String.raw`cat q\"uote `],
  [String.raw`cat par\(`, String.raw`cat par\(en\).txt `],
  [String.raw`cat a\&b.`, String.raw`cat a\&b.txt `],
  [String.raw`cat a\$b`, String.raw`cat a\$b.txt `],
  [String.raw`cat "a\$b`, String.raw`cat "a\$b.txt" `],
  ["cat 'a$b", "cat 'a$b.txt' "],
  ['cat na', String.raw`cat naïve\ été.txt `],
  [String.raw`cat naïve\ é`, String.raw`cat naïve\ été.txt `],
  [String.raw`grep --file=b\ f`, String.raw`grep --file=b\ file.txt `],
  [String.raw`git add b\ f`, String.raw`git add b\ file.txt `],
  [String.raw`cd dir\ w`, String.raw`cd dir\ with\ space/`],
  [`cd "it's`, `cd "it's dir/`],
  ['cat "$greeti', 'cat "$greeting" '],
  // Not the home folder, and no variable.
  ["cat '~t", "cat './~tilde' "],
  [String.raw`cat \$d`, String.raw`cat ./\$dollar `],
  ['cat "~/b f', undefined],
  [String.raw`cat \~/b`, undefined],
] as const

test.each([
  ['with bash-completion', ''],
  ['without it', '_completion_loader() { :; }'],
])('bash completes words with quotes, and keeps their quotes, %s', async (_, startFile) => {
  const {shell, home, run} = await open('bash', startFile)
  await Promise.all(['dir with space/sub', "it's dir"].map((folder) => mkdir(join(home, folder), {recursive: true})))
  const files = [
    'b file.txt',
    "it's dir/x",
    'q"uote',
    'par(en).txt',
    'a&b.txt',
    'a$b.txt',
    'naïve été.txt',
    '~tilde',
    '$dollar',
  ]
  await Promise.all(files.map((file) => writeFile(join(home, file), '')))
  await run('git init -q; greeting=hello')
  const completed = []
  for (const [line] of QUOTED) completed.push([line, (await complete(shell, line)).lines[0]])
  expect(completed).toEqual(QUOTED)
  expect((await complete(shell, 'cat ')).lines).toEqual(
    expect.arrayContaining(['cat ./~tilde ', String.raw`cat ./\$dollar `]),
  )
})

test('bash completes words with quotes by folders, and by the functions of bash-completion 2.12', async () => {
  const {shell, run} = await open('bash')
  await run('complete -o plusdirs -W word folders')
  await run(`_comp_quote_compgen() { printf -v REPLY %q "$1"; }`)
  await run(`_new() { _comp_quote_compgen "$2"; IFS= COMPREPLY=("$(compgen -f -- "$REPLY")"); compopt -o filenames; }`)
  await run('complete -F _new new')
  expect((await complete(shell, String.raw`folders two\ w`)).lines).toEqual([String.raw`folders two\ words/`])
  expect((await complete(shell, 'new "two w')).lines).toEqual(['new "two words/'])
})

test('bash runs nothing of a word that it completes', async () => {
  const {shell, home} = await open('bash', 'shopt -s direxpand')
  for (const line of ["cat '${a[$(touch ran)]}/", "cd '${a[$(touch ran)]}/", String.raw`cat "\${a[\$(touch ran)]}/`]) {
    expect((await complete(shell, line)).lines).toEqual([])
  }
  expect(readdirSync(home)).not.toContain('ran')
})

test.each(COMPLETING)('a name with a newline is quoted in %s', async (name) => {
  const {shell, home, run} = await open(name)
  await writeFile(join(home, 'odd\nname'), 'content')
  // Functions of bash-completion print names on lines.
  const {lines, candidates} = await complete(shell, name === 'bash' ? 'cat < odd' : 'cat odd')
  expect(candidates).toHaveLength(1)
  expect((await run(lines[0]!)).output).toBe('content')
})

test.each(COMPLETING)('%s describes what it completes where it has descriptions', async (name) => {
  const {shell} = await open(name)
  const {candidates} = await complete(shell, 'git cherry-p')
  const described = name === 'bash' ? undefined : expect.stringMatching(/commit/)
  expect(candidates).toMatchObject([{label: 'cherry-pick', ...(described && {description: described})}])
})

test('a program in the folder is completed by its path', async () => {
  const {shell, home} = await open('bash')
  await writeFile(join(home, 'docs/tool'), '#!/bin/sh\n')
  await chmod(join(home, 'docs/tool'), 0o755)
  expect((await complete(shell, './docs/to')).lines).toEqual(['./docs/tool '])
})

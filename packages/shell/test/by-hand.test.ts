import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {readProcessFacts} from '../src/process-facts.ts'
import {startPty} from '../src/pty.ts'
import {envOf, pathOf, SHELLS, START_FILES, temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'

/** What tells most about a shell, line by line; each leaves what it says in the file `told`. */
const POSIX = [
  // `$_` of the very first command is what the start files have left, ours too.
  'true one',
  'echo one "$_" >>told',
  'true some argument',
  'echo "argument: $_" >>told',
  '(exit 7)',
  'echo "status: $?" >>told',
  "trap 'echo bye >>told' USR1",
  'trap >>told',
  'kill -USR1 $$',
  'sleep 100 &',
  'jobs >>told',
  // A job of dash that was just forked still takes SIGTERM as an interactive shell does: not at all.
  'kill -9 %1; wait 2>/dev/null; jobs >/dev/null',
  'export A=1; export -p >>told',
  'alias >>told',
  'for i in 1 2',
  'do echo $i >>told',
  'done',
  'cat >>told <<E',
  '\tit is $A',
  'E',
]

const LINES: Readonly<Record<ShellName, readonly string[]>> = {
  bash: [
    ...POSIX,
    'echo "$PS1 $PS2 $LINENO ${PIPESTATUS[*]}" >>told',
    'false | true',
    'echo "${PIPESTATUS[*]}" >>told',
    'history >>told',
  ],
  zsh: [...POSIX, 'echo "$PS1 $PS2 $pipestatus" >>told', 'false | true', 'echo $pipestatus >>told', 'fc -l 1 >>told'],
  dash: [...POSIX, 'echo "$LINENO" >>told'],
  sh: [...POSIX, 'echo "$LINENO" >>told'],
  fish: [
    'echo one $_ >>told',
    'false some argument',
    'echo status $status >>told',
    'false | true',
    'echo $pipestatus >>told',
    'function f --on-signal USR1; echo bye >>told; end',
    'kill -USR1 $fish_pid',
    'sleep 100 &',
    'jobs -c >>told',
    'kill -9 (jobs -p); wait',
    'set -gx A 1; set -x >>told',
    'functions fish_prompt >>told; functions --handlers-type signal >>told',
    'history >>told',
  ],
}

/** What differs from one start to the next. */
const VARYING = /^.*(SHLVL|OLDPWD).*\n/gm

test.each(SHELLS)('%s tells the same of itself as one in which the lines are typed by hand', async (name) => {
  const startFile = name === 'fish' ? '' : "PS1='me> '; alias hi='echo hi'"
  const {run, home} = await temporaryShell(startFile, {name})
  for (const line of inCommands(LINES[name])) await run(line)
  const told = readFileSync(join(home, 'told'), 'utf8')
  const byHand = await typeByHand(name, startFile, LINES[name])
  const same = (text: string, folder: string) =>
    text
      .replaceAll(folder, '~')
      .replace(VARYING, '')
      .replace(/^(ENV|ZDOTDIR).*\n/gm, '')
  expect(same(told, home)).toBe(same(byHand.told, byHand.home))
})

/** Lines that belong together are one command. */
function inCommands(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll(/\n(?=(do |done|\t|E\n))/g, '\0')
    .replaceAll(/\nE$/g, '\0E')
    .split('\n')
    .map((line) => line.replaceAll('\0', '\n'))
}

async function typeByHand(
  name: ShellName,
  startFile: string,
  lines: readonly string[],
): Promise<{told: string; home: string}> {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-test-'))
  onTestFinished(() => rmSync(home, {recursive: true, force: true}))
  mkdirSync(join(home, '.config/fish'), {recursive: true})
  mkdirSync(join(home, '.local/share/fish/generated_completions'), {recursive: true})
  writeFileSync(join(home, START_FILES[name]), startFile)
  let lastDataAt = performance.now()
  const pty = startPty(pathOf(name), ['-i'], {
    cwd: home,
    env: {...envOf(name, home), TERM: 'xterm-256color', PWD: home},
    size: {cols: 80, rows: 24},
    onData: () => (lastDataAt = performance.now()),
  })
  const isAtPrompt = () => {
    const facts = readProcessFacts(pty.pid)
    return facts?.group === facts?.foregroundGroup && facts?.isSleeping && performance.now() - lastDataAt > 100
  }
  for (const line of [...lines, 'exit']) {
    await expect.poll(isAtPrompt, {interval: 10}).toBe(true)
    // A tab asks a line editor for completions.
    pty.write(Buffer.from(`${line.replaceAll('\t', '\x16\t')}\r`))
    lastDataAt = performance.now()
  }
  await pty.closed
  return {told: readFileSync(join(home, 'told'), 'utf8'), home}
}

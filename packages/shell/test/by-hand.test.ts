import {readFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {SHELLS, temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'
import {typeByHand} from './fixtures/type-by-hand.ts'

/** Lines that reveal the state of a shell; each appends to the file `report`. */
const POSIX = [
  // `$_` of the very first command comes from the start files, including the one with the hooks.
  'true one',
  'echo one "$_" >>report',
  'true some argument',
  'echo "argument: $_" >>report',
  '(exit 7)',
  'echo "status: $?" >>report',
  "trap 'echo bye >>report' USR1",
  'trap >>report',
  'kill -USR1 $$',
  'sleep 100 &',
  'jobs >>report',
  // A job that dash has just forked still ignores SIGTERM, as an interactive shell does.
  'kill -9 %1; wait 2>/dev/null; jobs >/dev/null',
  'export A=1; export -p >>report',
  'alias >>report',
  'for i in 1 2',
  'do echo $i >>report',
  'done',
  'cat >>report <<E',
  '\tit is $A',
  'E',
]

const LINES: Readonly<Record<ShellName, readonly string[]>> = {
  bash: [
    ...POSIX,
    'echo "$PS1 $PS2 $LINENO ${PIPESTATUS[*]}" >>report',
    'false | true',
    'echo "${PIPESTATUS[*]}" >>report',
    'history >>report',
  ],
  zsh: [
    ...POSIX,
    'echo "$PS1 $PS2 $pipestatus" >>report',
    'false | true',
    'echo $pipestatus >>report',
    'fc -l 1 >>report',
  ],
  dash: [...POSIX, 'echo "$LINENO" >>report'],
  sh: [...POSIX, 'echo "$LINENO" >>report'],
  fish: [
    'echo one $_ >>report',
    'false some argument',
    'echo status $status >>report',
    'false | true',
    'echo $pipestatus >>report',
    'function f --on-signal USR1; echo bye >>report; end',
    'kill -USR1 $fish_pid',
    'sleep 100 &',
    'jobs -c >>report',
    'kill -9 (jobs -p); wait',
    'set -gx A 1; set -x >>report',
    'functions fish_prompt >>report; functions --handlers-type signal >>report',
    'history >>report',
  ],
}

/** Variables that differ from one start to the next. */
const VARYING = /^.*(SHLVL|OLDPWD).*\n/gm

test.each(SHELLS)('%s is in the same state as one in which the lines are typed by hand', async (name) => {
  const startFile = name === 'fish' ? '' : "PS1='me> '; alias hi='echo hi'"
  const {run, home} = await temporaryShell(startFile, {name})
  for (const line of inCommands(LINES[name])) await run(line)
  const report = readFileSync(join(home, 'report'), 'utf8')
  const byHand = await typeByHand(name, startFile, LINES[name])
  const reportByHand = readFileSync(join(byHand.home, 'report'), 'utf8')
  const same = (text: string, folder: string) =>
    text
      .replaceAll(folder, '~')
      .replace(VARYING, '')
      .replace(/^(ENV|ZDOTDIR).*\n/gm, '')
  expect(same(report, home)).toBe(same(reportByHand, byHand.home))
})

/** Joins the lines that form one command. */
function inCommands(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll(/\n(?=(do |done|\t|E\n))/g, '\0')
    .replaceAll(/\nE$/g, '\0E')
    .split('\n')
    .map((line) => line.replaceAll('\0', '\n'))
}

import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createFastMotion, type HeapUse} from '../support/fast-motion.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {pasted} from '../support/key-bytes.ts'
import {waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'
import {linesWithoutRemarks, openTui} from '../support/tui.ts'

const recoveries = 20
const minute = 60_000
/** The longest note fits: the screen wraps at words what `show` leaves to the terminal. */
const cols = 140
const MiB = 1024 * 1024
/** The time between two recoveries; together, two hours. */
const passMs = 6 * minute

/** So much of a prompt is compared: the rest may be on the next row. */
const promptStart = 30

/** Typical prompts; the output of each differs from turn to turn. */
const promptsOf = (turn: number): readonly string[] => [
  `echo turn ${turn}`,
  `seq ${turn} ${turn + 12}`,
  `printf 'no line feed ${turn}'`,
  `printf '\\033[32mgreen\\033[0m and \\033[1;38;5;${200 + turn}mbright\\033[0m\\n'`,
  `printf '日本 ∅ é %s\\n' ${turn}`,
  'false',
  `sh -c 'exit ${turn + 1}'`,
  `mkdir -p d${turn % 3} && cd d${turn % 3} && pwd | sed 's/.*project//'; cd ..`,
  `for i in 10 50 100; do printf '\\r%s%%' $i; done; echo`,
  // 140 kB for ten rows.
  `for j in 1 2 3 4 5 6 7 8 9 10; do for i in $(seq 500); do printf '\\r%s of 500, at work ...' $i; done; echo; done`,
  `printf 'to stderr ${turn}\\n' >&2`,
  `true # ${'long '.repeat(6)}`,
]

test(
  'two hours in fast motion with 20 recoveries: the screen shows what show prints, and memory is flat',
  {timeout: 120_000},
  async () => {
    await using home = createHome()
    // Some of the prompts fail, and the ones behind them are to run.
    mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
    writeFileSync(`${home.user}/.config/holdfast/config.json`, '{"queue": "always"}')
    const motion = createFastMotion(home)
    await using tui = await openTui(home, [], {env: motion.env, cols})
    await tui.waitFor('· idle')
    const heaps: HeapUse[] = []
    const typed: string[] = []

    for (let turn = 0; turn < recoveries; turn++) {
      const last = `echo begun ${turn}; until [ -e go-${turn} ]; do sleep 0.01; done; echo over ${turn}`
      // These prompts are queued. Without the brackets of a paste, lines that arrive at once would be one prompt.
      for (const prompt of [...promptsOf(turn), last]) tui.type(`${pasted(prompt)}\r`)
      typed.push(...promptsOf(turn), last, `echo after ${turn}`)
      await tui.waitFor(new RegExp(`^begun ${turn}$`, 'm'), {timeoutMs: 30_000})
      const victim = await home.process(turn % 2 === 0 ? 'gateway' : 'host')
      process.kill(victim.pid, 'SIGKILL')
      await waitForExit(victim)
      writeFileSync(`${home.project}/go-${turn}`, '')
      await tui.waitFor(victim.role === 'host' ? /^■ interrupted/m : new RegExp(`^over ${turn}\n✓`, 'm'))
      tui.type(`echo after ${turn}\r`)
      await tui.waitFor(new RegExp(`^after ${turn}\n✓(?:.*\n)+.*· idle`, 'm'))
      heaps.push(await motion.pass(passMs))
    }

    expect(tui.remarks()).toHaveLength(recoveries / 2)
    const [{id}] = await sessionsOf(home)
    const shown = await showOf(home, id)
    expect(transcriptOf(tui.scrollback())).toEqual(shown)
    expect(promptsIn(shown)).toEqual(typed.map((prompt) => prompt.slice(0, promptStart)))
    // Even turns restart a gateway, odd ones a host: turns of the same kind are compared.
    const [third, end] = [heaps[Math.floor(recoveries / 3)]!, heaps.at(-2)!]
    const growth = (role: keyof HeapUse) => end[role] - third[role]
    expect(growth('gateway')).toBeLessThan(0.5 * MiB)
    expect(growth('host')).toBeLessThan(0.5 * MiB)
    // Ink remembers the sizes of the last few thousand texts that it drew.
    expect(growth('client')).toBeLessThan(2 * MiB)
  },
)

/** The output of `show` in a terminal of the same width. */
async function showOf(home: Home, id: string): Promise<string[]> {
  const args = [cli, 'show', id]
  await using terminal = await openTerminal({command: process.execPath, args, env: home.env, cwd: home.project, cols})
  expect(await terminal.exited).toBe(0)
  return transcriptOf(terminal.scrollback())
}

function promptsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => (line.startsWith('❯ ') ? [line.slice(2, 2 + promptStart)] : []))
}

/** All lines up to the end of the last command: the lines below do not belong to the session. */
function transcriptOf(scrollback: string): string[] {
  const lines = linesWithoutRemarks(scrollback)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  return lines.slice(0, lines.findLastIndex((line) => /^[✓✗■](?: |$)/.test(line)) + 1)
}

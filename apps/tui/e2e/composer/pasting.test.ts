import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {keyBytes, pasted} from '../support/key-bytes.ts'
import {peakMemory} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {waitForWritten} from './written.ts'

const lines = Array.from({length: 213}, (_, index) => `line ${index} \t"quoted" 日本 \u{1f980} $x \\`)

test('a long paste is collapsed, is one unit for the cursor, and is submitted exactly', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type(`cat > pasted <<'END'${keyBytes.altEnter}`)
  tui.type(pasted(lines.join('\n')))
  await waitForWritten(tui, `❯ cat > pasted <<'END'\n[pasted 213 lines, 8 kB]`)
  // The cursor moves over it and back; Backspace removes it; undo inserts it again.
  tui.type(`${keyBytes.left}${keyBytes.left}${keyBytes.right}${keyBytes.right}${keyBytes.backspace}`)
  await waitForWritten(tui, `❯ cat > pasted <<'END'`)
  tui.type(keyBytes.ctrlUnderscore)
  await waitForWritten(tui, `❯ cat > pasted <<'END'\n[pasted 213 lines, 8 kB]`)
  tui.type(`${keyBytes.altEnter}END\r`)
  await tui.waitFor('✓')
  expect(readFileSync(`${home.project}/pasted`, 'utf8')).toBe(`${lines.join('\n')}\n`)
})

test('lines that arrive at once without brackets are a paste: none of them runs before Enter', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('echo one\recho two\recho three\r')
  await waitForWritten(tui, '❯ echo one\necho two\necho three\n')
  // After a key, Enter is no line of the paste.
  tui.type(`${keyBytes.end}\r`)
  await tui.waitFor(/^one\ntwo\nthree\n✓/m)
  expect(tui.scrollback().match(/✓/g)).toHaveLength(1)
})

test('a report of the terminal is no text', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('ls \u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\\u001b[24;80R\u001b_Gi=31;OK\u001b\\\u001b[M !!-l')
  await waitForWritten(tui, '❯ ls -l')
})

test('Tab expands a collapsed paste', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type(pasted(lines.slice(0, 20).join('\n')))
  await tui.waitFor('Tab expands the pasted text · Backspace removes it')
  tui.type(keyBytes.tab)
  await tui.waitFor(/^… line 19 /m)
  expect(tui.screen()).not.toContain('[pasted')
})

test('a draft with a collapsed paste is restored after the TUI was killed, and is submitted exactly', async () => {
  await using home = createHome()
  const text = `cat > pasted <<'END'\n${lines.join('\n')}\nEND`
  const id = await (async () => {
    await using tui = await openTui(home)
    await tui.waitFor('· idle')
    tui.type(pasted(text))
    await tui.waitFor('[pasted 215 lines')
    const [session] = await sessionsOf(home)
    const isKept = async () => (await home.holdfast(['show', session.id, '--json'])).stdout.includes('line 212')
    await until(isKept, {what: 'the draft in the log'})
    tui.kill('SIGKILL')
    await tui.exited
    return session.id
  })()
  await using again = await openTui(home, ['--resume', id])
  await again.waitFor('[pasted 215 lines')
  again.press('enter')
  await again.waitFor('✓')
  expect(readFileSync(`${home.project}/pasted`, 'utf8')).toBe(`${lines.join('\n')}\n`)
})

test('a paste of 50 MB is refused and its limit named; the draft stays, and the next keys are keys', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  const before = peakMemory(tui.pid)
  tui.type('echo here')
  tui.type(pasted('x'.repeat(50_000_000)))
  await tui.waitFor('Expected at most 4,194,304 characters in a prompt, got 50,000,000', {timeoutMs: 40_000})
  tui.type(' still\r')
  await tui.waitFor(/^here still\n✓/m)
  expect(peakMemory(tui.pid) - before).toBeLessThan(150 * 1024 * 1024)
})

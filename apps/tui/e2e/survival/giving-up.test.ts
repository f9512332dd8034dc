import {chmodSync, rmSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {cli, createHome, type Home} from '../support/home.ts'
import {waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'

/** A gateway that can be broken and repaired. */
function breakableGateway(home: Home): {env: {HOLDFAST_GATEWAY: string}; break(): void; mend(): void} {
  const [file, broken] = [`${home.project}/gateway`, `${home.project}/broken`]
  writeFileSync(
    file,
    `#!/bin/sh
[ -e ${broken} ] && { printf 'reading the settings\\nline 3: what is this?\\nno such setting\\n' >&2; exit 9; }
exec ${process.execPath} ${cli} gateway
`,
  )
  chmodSync(file, 0o755)
  return {
    env: {HOLDFAST_GATEWAY: file},
    break: () => writeFileSync(broken, ''),
    mend: () => rmSync(broken),
  }
}

test('the TUI restarts a gateway 3 times, then gives up and shows its stderr; /restart restores the session and the queued prompt', async () => {
  await using home = createHome()
  const gateway = breakableGateway(home)
  await using tui = await openTui(home, [], {env: gateway.env})
  await tui.submit('echo one')
  await tui.waitFor(/^✓/m)

  gateway.break()
  const dying = await home.process('gateway')
  process.kill(dying.pid, 'SIGKILL')
  await waitForExit(dying)
  await tui.waitFor('gave up · /restart tries again')
  for (const line of [
    'No gateway: its process exited with code 9',
    'reading the settings',
    'line 3: what is this?',
    'no such setting',
  ])
    expect(tui.screen()).toContain(line)
  await tui.submit('echo two')
  await tui.waitFor('1. echo two')
  expect(tui.screen()).toContain('no such setting')

  await tui.submit('/restart')
  await tui.waitFor('gave up · /restart tries again')
  await tui.submit('/logs')
  await tui.waitFor(/^The end of .*crash\.log$/m)
  expect(tui.scrollback()).toMatch(/ tui \d+ · gave-up · peer=gateway reason=budget/)
  gateway.mend()
  await tui.submit('/restart')
  await tui.waitFor(/^two\n✓/m)
  await tui.waitFor(/idle$/m)
  expect(tui.outputOf('echo two')).toEqual(['two'])
  expect(tui.remarks()).toEqual(['The gateway died (its process was killed by SIGKILL) and was restarted.'])
  expect(tui.screen()).not.toContain('no such setting')
  expect(await sessionsOf(home)).toHaveLength(1)
})

test('with a gateway that never starts, the screen stays open, and prompts wait', async () => {
  await using home = createHome()
  const gateway = breakableGateway(home)
  gateway.break()
  await using tui = await openTui(home, [], {env: gateway.env})
  await tui.waitFor('gave up · /restart tries again')
  expect(tui.screen()).toContain('no such setting')
  await tui.submit('echo late')
  gateway.mend()
  await tui.submit('/restart')
  await tui.waitFor(/^late$/m)
  expect(await sessionsOf(home)).toHaveLength(1)
})

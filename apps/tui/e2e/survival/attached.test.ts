import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {openLine} from '../support/cuttable-connection.ts'
import {attach, attached, nested, openNested, status} from '../support/attaching.ts'
import {createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** Prints numbers slowly, in raw mode on the normal screen, between two keys. */
const counter = `import sys, time, tty
tty.setraw(0)
sys.stdin.read(1)
for i in range(1000, 1401):
    print(i, end="\\r\\n", flush=True)
    time.sleep(0.005)
sys.stdin.read(1)
`

/** A line has been on the screen: on a loaded machine, more lines than the screen has come at once. */
async function printed(tui: Tui, line: string): Promise<void> {
  await tui.waitFor(() => tui.scrollback().includes(`\n${line}\n`))
}

/** Resolves when there is another one. */
async function killGateway(home: Home): Promise<void> {
  const gateway = await home.process('gateway')
  process.kill(gateway.pid, 'SIGKILL')
  await until(() => home.processes().some(({role, pid}) => role === 'gateway' && pid !== gateway.pid), {
    what: 'another gateway',
  })
}

test('a killed gateway while attached: the program prints on, and each line is on the terminal once', async () => {
  need('python3')
  await using home = createHome()
  writeFileSync(`${home.project}/counter.py`, counter)
  await using tui = await openTui(home)
  await tui.submit('python3 counter.py')
  await attached(tui)
  tui.type('s')
  for (const at of ['1050', '1200']) {
    await printed(tui, at)
    await killGateway(home)
  }
  await tui.waitFor(/^1400$/m)
  tui.type('q')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('python3 counter.py')).toEqual(Array.from({length: 401}, (_, at) => String(1000 + at)))
})

test('a program that ends with the gateway, attached, gives the terminal back, and its last line is there once', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  const gateway = await home.process('gateway')
  const waiting = `sh -c 'while kill -0 ${gateway.pid} 2>&-; do sleep 0.01; done; echo la""st'`
  await tui.submit(waiting)
  await attach(tui)
  await killGateway(home)
  await tui.waitFor(/^last\n(?:The .*\n.*\n)*✓/m)
  await tui.submit('echo ne""xt')
  await tui.waitFor(/^next\n✓/m)
  expect([...tui.scrollback().matchAll(/^last$/gm)]).toHaveLength(1)
})

test('killed gateways while a nested shell, attached by itself, runs commands: each line is on the terminal once', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit(nested)
  await attached(tui)
  tui.type('for i in $(seq 1000 1400); do echo $i; sleep 0.005; done\r')
  for (const at of ['1050', '1200']) {
    await printed(tui, at)
    await killGateway(home)
  }
  await tui.waitFor(/^1400\n(?:[^]*» )?in>/m)
  const shown = [...tui.scrollback().matchAll(/^(1\d{3})$/gm)].map(([, number]) => Number(number))
  expect(shown).toEqual(Array.from({length: 401}, (_, at) => 1000 + at))
})

test('gateways killed as the terminal is detached, and as it is attached: each line is on the terminal once', async () => {
  await using home = createHome()
  await using tui = await openNested(home)
  await attach(tui)
  tui.type('for i in $(seq 1000 1400); do echo $i; sleep 0.01; done\r')
  await printed(tui, '1020')
  tui.press('detach')
  await killGateway(home)
  await tui.waitFor(status)
  await printed(tui, '1200')
  tui.press('ctrl-o')
  await killGateway(home)
  await tui.waitFor(/^1400\n(?:[^]*» )?in>/m)
  const shown = [...tui.scrollback().matchAll(/^(1\d{3})$/gm)].map(([, number]) => Number(number))
  expect(shown).toEqual(Array.from({length: 401}, (_, at) => 1000 + at))
  expect(tui.scrollback()).not.toContain('the gateway is gone')
})

test('lost connections while attached to a program on another machine: each line is on the terminal once', async () => {
  need('python3')
  await using there = createHome()
  await using here = createHome()
  writeFileSync(`${there.project}/counter.py`, counter)
  await using server = await startServer(there)
  await using line = await openLine(server.url)
  await using tui = await openTui(here, server.optionsFor(line.url))
  await tui.submit(`cd ${there.project}`)
  await tui.waitFor(/^✓/m)
  await tui.submit('python3 counter.py')
  await attached(tui)
  tui.type('s')
  for (const at of ['1050', '1200']) {
    await printed(tui, at)
    const {connections} = line
    line.cut()
    line.mend()
    // What is typed before the screen has noticed the cut is lost.
    await until(() => line.connections > connections, {what: 'another connection'})
  }
  await tui.waitFor(/^1400$/m)
  tui.type('q')
  await tui.waitFor(() => (tui.scrollback().match(/^✓/gm)?.length ?? 0) === 2)
  expect(tui.outputOf('python3 counter.py')).toEqual(Array.from({length: 401}, (_, at) => String(1000 + at)))
})

test('a killed host while attached: what the terminal has shown stays, once', async () => {
  need('python3')
  await using home = createHome()
  writeFileSync(`${home.project}/counter.py`, counter)
  await using tui = await openTui(home)
  await tui.submit('python3 counter.py')
  await attached(tui)
  tui.type('s')
  await printed(tui, '1100')
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await tui.waitFor(/^■/m)
  const shown =
    tui
      .scrollback()
      .match(/^1\d{3}$/gm)
      ?.map(Number) ?? []
  expect(shown.length).toBeGreaterThan(100)
  expect(shown).toEqual(shown.map((_, at) => 1000 + at))
  await tui.submit('echo ne""xt')
  await tui.waitFor(/^next\n✓/m)
})

import {existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'

const fileOf = (home: Home) => `${home.user}/.config/holdfast/config.json`

function write(home: Home, text: string): void {
  mkdirSync(dirname(fileOf(home)), {recursive: true})
  writeFileSync(fileOf(home), text)
}

test('config set makes a private file, config get reads it, config unset brings the default back', async () => {
  await using home = createHome()
  expect(await home.holdfast(['config', 'get', 'notify'])).toMatchObject({stdout: 'bell\n', stderr: '', exitCode: 0})
  expect(await home.holdfast(['config', 'path'])).toMatchObject({stdout: `${fileOf(home)}\n`})
  for (const [name, value] of [
    ['notify', 'off'],
    ['notifyAfterSeconds', '30'],
    ['permissions.edit', 'allow'],
    ['keys.attach', '["alt-o", "alt-x"]'],
    ['agents.ada', '{"command": "ada", "env": {"KEY": "s3cret"}}'],
  ] as const)
    expect(await home.holdfast(['config', 'set', name, value])).toMatchObject({stdout: '', stderr: '', exitCode: 0})
  expect([statSync(dirname(fileOf(home))).mode & 0o777, statSync(fileOf(home)).mode & 0o777]).toEqual([0o700, 0o600])
  expect(JSON.parse(readFileSync(fileOf(home), 'utf8'))).toEqual({
    notify: 'off',
    notifyAfterSeconds: 30,
    permissions: {edit: 'allow'},
    keys: {attach: ['alt-o', 'alt-x']},
    agents: {ada: {command: 'ada', env: {KEY: 's3cret'}}},
  })
  const {stdout} = await home.holdfast(['config', 'list', '--json'])
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {name: string; value: unknown; set: boolean; description: string})
  const row = (name: string) => rows.find((one) => one.name === name)
  expect(row('notify')).toMatchObject({value: 'off', set: true, description: expect.stringContaining('how to notify')})
  expect(row('keys.expand')).toMatchObject({value: 'ctrl-]', set: false})
  expect(row('agents.ada')).toMatchObject({value: {command: 'ada'}, set: true})
  expect(stdout).not.toContain('s3cret')
  expect(await home.holdfast(['config', 'get', 'agents.ada'])).toMatchObject({
    stdout: '{"command":"ada","env":{"KEY":"s3cret"}}\n',
  })

  await home.holdfast(['config', 'unset', 'notify'])
  expect(await home.holdfast(['config', 'get', 'notify'])).toMatchObject({stdout: 'bell\n'})
  expect(await home.holdfast(['config', 'get', 'agent'])).toMatchObject({
    stdout: '',
    stderr: 'holdfast: `agent` is not set\n',
    exitCode: 1,
  })
})

test('config set refuses a wrong value, an unknown setting, and a conflict; the file stays as it is', async () => {
  await using home = createHome()
  const text = '{\n  "keys": {"expand": "alt-e", "attach": "alt-o"}\n}\n'
  write(home, text)
  for (const [name, value, problem] of [
    ['notify', 'loud', '`notify`: Invalid option: expected one of "bell"|"osc9"|"osc777"|"off", got `"loud"`'],
    ['notifyAfterSeconds', '-1', '`notifyAfterSeconds`: '],
    ['keys.expand', 'alt-o', '`keys.expand`: `keys.attach`: alt-o is the key of `expand`'],
    ['agents.ada', '{"command": "ada", "arg": []}', '`agents.ada`: `arg`: expected one of the keys'],
    ['keys.nothing', 'alt-o', 'there is no setting `keys.nothing`'],
    ['notify.more', 'off', 'there is no setting `notify.more`'],
  ] as const) {
    const {stderr, exitCode} = await home.holdfast(['config', 'set', name, value])
    expect(stderr).toContain(`holdfast: ${problem}`)
    expect(exitCode).toBe(2)
  }
  expect(readFileSync(fileOf(home), 'utf8')).toBe(text)
})

test('comments, order, indents and unknown keys stay, and so does a symbolic link', async () => {
  await using home = createHome()
  const text = '// mine\n{\n\t"later": [1,2], // not yet\n\t"notify": "bell", // quiet\n}\n'
  const real = `${home.user}/dotfiles.json`
  writeFileSync(real, text, {mode: 0o640})
  mkdirSync(dirname(fileOf(home)), {recursive: true})
  symlinkSync(real, fileOf(home))
  await home.holdfast(['config', 'set', 'notify', 'off'])
  await home.holdfast(['config', 'set', 'queue', 'always'])
  expect(readFileSync(real, 'utf8')).toBe(text.replace('"bell", // quiet', '"off", // quiet\n\t"queue": "always",'))
  expect(statSync(real).mode & 0o777).toBe(0o640)
  expect((await home.holdfast(['config', 'get', 'queue'])).stderr).toContain('`later` in')
})

test('a file that is no JSON is not changed, and the error names the line', async () => {
  await using home = createHome()
  write(home, '{\n  "notify": off\n}\n')
  for (const args of [['set', 'notify', 'off'], ['unset', 'notify'], ['get', 'notify'], ['list']])
    expect(await home.holdfast(['config', ...args])).toMatchObject({
      stderr: expect.stringContaining('is ignored: it is not JSON at line 2, column 13'),
      exitCode: 1,
    })
  expect(readFileSync(fileOf(home), 'utf8')).toContain('off')
})

test('config edit makes the file, and reports what is wrong in it afterwards', async () => {
  await using home = createHome()
  const edit = async (command: string) => await home.holdfast(['config', 'edit'], {env: {VISUAL: command}})
  expect(await edit('grep -q "^{}$"')).toMatchObject({stderr: '', exitCode: 0})
  expect(await edit(`sed -i '1s/.*/{"$schema": ".\\/x",\\n "notify": "loud"}/'`)).toMatchObject({
    stderr: expect.stringContaining('`notify` in ' + fileOf(home) + ', line 2: Invalid option'),
    exitCode: 1,
  })
  expect(await edit('rm')).toMatchObject({stderr: '', exitCode: 0})
  expect(existsSync(fileOf(home))).toBe(false)
  expect(await edit('no-such-editor')).toMatchObject({
    stderr: expect.stringContaining('holdfast: there is no editor `no-such-editor`: set $VISUAL or $EDITOR to one\n'),
    exitCode: 1,
  })
})

test('--help says where the file is; config schema describes it', async () => {
  await using home = createHome()
  for (const args of [['--help'], ['config', '--help']])
    expect((await home.holdfast(args)).stdout).toContain(`Settings: ${fileOf(home)}\n`)
  const schema = JSON.parse((await home.holdfast(['config', 'schema'])).stdout) as {
    properties: Record<string, {description?: string; properties?: Record<string, {anyOf: unknown[]}>}>
  }
  expect(schema.properties['notify']).toMatchObject({enum: ['bell', 'osc9', 'osc777', 'off'], default: 'bell'})
  expect(schema.properties['keys']?.properties?.['attach']?.anyOf[0]).toEqual({type: 'string', const: 'off'})
  expect(Object.entries(schema.properties).filter(([key, {description}]) => key !== '$schema' && !description)).toEqual(
    [],
  )
})

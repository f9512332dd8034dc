import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {until} from '../support/until.ts'
import {createHome} from '../support/home.ts'

test.for([
  ['bash', 'echo "${BASH_VERSION:+yes}"; (exit 7)'],
  ['zsh', 'echo "${ZSH_VERSION:+yes}"; (exit 7)'],
  ['fish', 'string match -qr . $FISH_VERSION; and echo yes; sh -c "exit 7"'],
  ['dash', 'cat "/proc/$$/comm" | sed s/dash/yes/; (exit 7)'],
] as const)('run --shell %s runs in that shell', async ([shell, command]) => {
  need(shell)
  await using home = createHome()
  const {stdout, stderr, exitCode} = await home.holdfast(['run', '--shell', shell, '--', command])
  expect({stdout, stderr, exitCode}).toEqual({stdout: 'yes\n', stderr: '', exitCode: 7})
})

test('several words reach the program unchanged, in fish too', async () => {
  need('fish')
  await using home = createHome()
  const words = ['two words', '$HOME', "it's", 'a\\b\\\\', '*']
  const {stdout} = await home.holdfast(['run', '--shell', 'fish', '--', 'printf', '[%s]', ...words])
  expect(stdout).toBe(words.map((word) => `[${word}]`).join(''))
})

test('$SHELL is the default shell', async () => {
  const SHELL = need('zsh')
  await using home = createHome()
  const {stdout} = await home.holdfast(['run', '--', 'echo "${ZSH_VERSION:+yes}"'], {env: {SHELL}})
  expect(stdout).toBe('yes\n')
})

test('--shell and --session together are refused', async () => {
  await using home = createHome()
  const {stderr, exitCode} = await home.holdfast(['run', '--shell', 'sh', '--session', 'x', '--', 'true'])
  expect({stderr, exitCode}).toEqual({
    stderr: 'holdfast: expected --session or --shell, got both; `holdfast run --help` shows its usage\n',
    exitCode: 2,
  })
})

test('a missing shell is one line on stderr, and leaves no process', async () => {
  await using home = createHome()
  const {stdout, stderr, exitCode} = await home.holdfast(['run', '--shell', '/no/such/zsh', '--', 'true'])
  expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 1})
  expect(stderr).toMatch(/^holdfast: [^\n]*\/no\/such\/zsh[^\n]*\n$/)
  await until(() => home.processes().length === 0, {what: 'the end of its host'})
})

import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {findShell} from '../../src/start/find-shell.ts'
import {temporaryFolder} from '../fixtures/temporary-shell.ts'

async function program(...path: string[]): Promise<string> {
  const file = join(...path)
  await mkdir(join(file, '..'), {recursive: true})
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, 0o755)
  return file
}

test('a given path wins over $SHELL', async () => {
  const path = await program(await temporaryFolder(), 'some-shell')
  expect(findShell(path, {SHELL: '/bin/bash'})).toBe(path)
})

test('$SHELL is the default, else the first bash; an account may have no shell', async () => {
  const folder = await temporaryFolder()
  const bash = await program(folder, 'mine', 'bash')
  const other = await program(folder, 'bin', 'bash')
  const fish = await program(folder, 'bin', 'fish')
  const PATH = `/missing:${join(folder, 'bin')}`
  expect(findShell(undefined, {SHELL: bash, PATH})).toBe(bash)
  expect(findShell(undefined, {SHELL: fish, PATH})).toBe(fish)
  const nologin = await program(folder, 'bin', 'nologin')
  expect(findShell(undefined, {SHELL: nologin, PATH})).toBe(other)
  expect(findShell(undefined, {PATH})).toBe(other)
})

test('a machine without a shell is an error', () => {
  expect(() => findShell(undefined, {SHELL: '/missing/fish', PATH: '/missing'})).toThrow(
    'found no shell on $PATH, which is `/missing`: set $SHELL to the path of one',
  )
})

test('a name is looked up on $PATH', async () => {
  const folder = await temporaryFolder()
  const fish = await program(folder, 'fish')
  expect(findShell('fish', {PATH: `/missing:${folder}`})).toBe(fish)
  expect(() => findShell('fish', {PATH: '/missing'})).toThrow(
    'the shell `fish` was not found: name a program by its path, or by its name on $PATH',
  )
})

test('a file that is no program is named as such', () => {
  for (const path of ['/etc/passwd', '/etc'])
    expect(() => findShell(path, {})).toThrow(
      `the shell \`${path}\` is not a program that you may run: name a program by its path, or by its name on $PATH`,
    )
})

import {execFileSync} from 'node:child_process'

import {createNonce} from '@holdfast/run-completion'
import {expect, test} from 'vitest'

import {hookShell} from '../../src/hooks.ts'

const startFile = (nonce: string) => hookShell('bash', {nonce, folder: '/tmp/private', env: {}}).files['bashrc']!

test('bash parses the start file', () => {
  execFileSync('bash', ['-n'], {input: startFile(createNonce()), stdio: ['pipe', 'pipe', 'pipe']})
})

test('a malformed nonce does not get into the start file', () => {
  expect(() => startFile("'; reboot; '")).toThrow(TypeError)
})

import {execFileSync} from 'node:child_process'

import {expect, test} from 'vitest'

import {bashHook, createNonce} from '../src/index.ts'

test('bash parses the start file', () => {
  execFileSync('bash', ['-n'], {input: bashHook(createNonce()), stdio: ['pipe', 'pipe', 'pipe']})
})

test('a nonce that is none does not get into the start file', () => {
  expect(() => bashHook("'; reboot; '")).toThrow(TypeError)
})

test('two nonces differ', () => {
  expect(createNonce()).toMatch(/^[0-9a-f]{32}$/)
  expect(createNonce()).not.toBe(createNonce())
})

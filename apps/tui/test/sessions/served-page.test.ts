import {expect, test} from 'vitest'

import {isLoopbackPage, reachableUrl} from '../../src/sessions/served-page.ts'

const address = (family: 'IPv4' | 'IPv6', text: string, internal = false) => ({
  address: text,
  family,
  internal,
  mac: '',
  netmask: '',
  cidr: null,
  scopeid: 0,
})
const interfaces = {
  lo: [address('IPv4', '127.0.0.1', true)],
  eth0: [address('IPv6', 'fe80::1'), address('IPv4', '192.168.1.7')],
} as Parameters<typeof reachableUrl>[1]

test.each([
  ['https://0.0.0.0:7333', 'https://192.168.1.7:7333'],
  ['https://[::]:7333', 'https://192.168.1.7:7333'],
  ['https://10.0.0.1:7333', 'https://10.0.0.1:7333'],
  ['https://desk.example.org', 'https://desk.example.org'],
])('a device reaches %s at %s', (page, url) => expect(reachableUrl(page, interfaces)).toBe(url))

test('without a network, only this machine reaches the page', () => {
  expect(reachableUrl('http://0.0.0.0:7333', {})).toBe('http://localhost:7333')
})

test.each([
  ['http://127.0.0.1:7333', true],
  ['http://127.1.2.3', true],
  ['http://[::1]:7333', true],
  ['http://localhost:7333', true],
  ['https://localhost.example.org', false],
  ['https://192.168.1.7', false],
])('%s is of this machine only: %s', (page, isLoopback) => expect(isLoopbackPage(page)).toBe(isLoopback))

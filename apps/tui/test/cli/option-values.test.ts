import {describe, expect, test} from 'vitest'

import {
  byteCount,
  detachKey,
  deviceTime,
  lineCount,
  listenAddress,
  longTime,
  milliseconds,
  publicUrl,
  urlProblem,
  webAddress,
  wholeNumber,
} from '../../src/cli/option-values.ts'

describe('accepted values', () => {
  test.each<[(text: string) => unknown, string, unknown]>([
    [wholeNumber, '0', 0],
    [wholeNumber, '999999999999999', 999_999_999_999_999],
    [milliseconds, '2147483647', 2 ** 31 - 1],
    [lineCount, '1', 1],
    [lineCount, '1000', 1000],
    [longTime, '12h', 12 * 3_600_000],
    [longTime, '30d', 30 * 24 * 3_600_000],
    [longTime, '8w', 8 * 7 * 24 * 3_600_000],
    [deviceTime, '1h', 3_600_000],
    [deviceTime, '400d', 400 * 24 * 3_600_000],
    [publicUrl, 'https://Desk.example:8443', new URL('https://desk.example:8443')],
    [webAddress, 'https://desk.example/', 'https://desk.example'],
    [byteCount, '500000', 500_000],
    [byteCount, '3k', 3 * 1024],
    [byteCount, '64M', 64 * 1024 ** 2],
    [byteCount, '2g', 2 * 1024 ** 3],
    [detachKey, 'ctrl-q', {character: 'q', presses: 1}],
    [detachKey, 'Ctrl-Q', {character: 'q', presses: 1}],
    [detachKey, 'ctrl-\\ ctrl-\\', {character: '\\', presses: 2}],
    [listenAddress, '127.0.0.1:0', {host: '127.0.0.1', port: 0}],
    [listenAddress, 'lab.example:65535', {host: 'lab.example', port: 65_535}],
    [listenAddress, '[::1]:7000', {host: '::1', port: 7000}],
  ])('%o of %j', (read, text, value) => {
    expect(read(text)).toEqual(value)
  })
})

describe('refused values', () => {
  test.each<[(text: string) => unknown, string, readonly string[]]>([
    [wholeNumber, 'Expected a whole number.', ['', '-1', '1.5', '1e3', ' 1', '1000000000000000']],
    [milliseconds, 'Expected at most 2147483647 ms.', ['2147483648']],
    [milliseconds, 'Expected a whole number.', ['soon']],
    [lineCount, 'Expected 1 to 1000.', ['0', '1001']],
    [lineCount, 'Expected a whole number.', ['all']],
    [longTime, 'Expected a time, as in 12h, 30d or 8w.', ['', '30', 'd', '30D', '30m', '1.5d', '1000000d']],
    [deviceTime, 'Expected 1h to 400d.', ['0h', '401d', '58w']],
    [
      publicUrl,
      'Expected https://HOST or https://HOST:PORT.',
      ['', 'desk', 'wss://desk', 'https://desk/path', 'https://desk?q', 'https://desk#x', 'https://ada@desk'],
    ],
    [byteCount, 'Expected a size, as in 500000, 64M or 2G.', ['', 'M', '1T', '1 k', '1.5M', '-1', '1000000000000']],
    [
      detachKey,
      'Expected ctrl- and a letter other than c, h, i, j, m, or ctrl-\\, once as in ctrl-q, or twice as in "ctrl-q ctrl-q".',
      [
        '',
        'q',
        'ctrl-q ctrl-o',
        'ctrl-q ctrl-q ctrl-q',
        '^q',
        'xctrl-q',
        'ctrl-',
        'ctrl-1',
        'ctrl-qq',
        'ctrl-c',
        'ctrl-H',
        'ctrl-i',
        'ctrl-j',
        'ctrl-M',
      ],
    ],
    [
      listenAddress,
      'Expected HOST:PORT, as in 127.0.0.1:7000.',
      ['', '7000', ':7000', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '127.0.0.1:-1', '::1:7000', '[]:7000'],
    ],
  ])('%o says %j', (read, sentence, texts) => {
    for (const text of texts) expect(() => read(text), text).toThrow(sentence)
  })
})

test.each([
  ['ws://127.0.0.1:7000', undefined],
  ['wss://lab.example/sessions', undefined],
  ['', 'expected ws://HOST:PORT or wss://HOST'],
  ['127.0.0.1:7000', 'expected ws://HOST:PORT or wss://HOST'],
  ['http://127.0.0.1', 'expected ws://HOST:PORT or wss://HOST'],
  ['ws://ada@127.0.0.1', 'credentials do not belong in the URL: use --token-file'],
  ['ws://:word@127.0.0.1', 'credentials do not belong in the URL: use --token-file'],
])('the problem of the URL %j is %j', (url, problem) => {
  expect(urlProblem(url)).toBe(problem)
})

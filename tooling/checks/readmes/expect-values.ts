import {inspect, isDeepStrictEqual} from 'node:util'

/** What an instrumented example calls: `lines` are those with a promised value. Fails the process at its end, if need be. */
export function expectValues(lines: readonly number[]) {
  const waiting = new Set(lines)
  process.on('exit', () => {
    for (const line of waiting) complain(line, 'expected to be reached, was not')
  })
  return {
    is<T>(line: number, actual: T, expected: unknown): T {
      waiting.delete(line)
      if (!isDeepStrictEqual(actual, expected)) complain(line, `expected ${inspect(expected)}, got ${inspect(actual)}`)
      return actual
    },
    lost(line: number): void {
      complain(line, 'expected an expression before `// =>`, got none that ends there')
    },
  }
}

function complain(line: number, what: string): void {
  console.error(`line ${line}: ${what}`)
  process.exitCode = 1
}

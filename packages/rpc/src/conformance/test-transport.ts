import {describe, test} from 'vitest'
import {type OpenPair, transportChecks} from './transport-checks.ts'

/** Registers `transportChecks` with vitest, in a block named `<name> is a transport`. */
export function testTransport(name: string, openPair: OpenPair): void {
  describe(`${name} is a transport`, () => {
    for (const check of transportChecks) {
      // oxlint-disable-next-line vitest/valid-title -- a string, but the rule cannot see that
      test(check.name, () => check.run(openPair))
    }
  })
}

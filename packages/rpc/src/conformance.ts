import {describe, test} from 'vitest'
import {type OpenPair, transportChecks} from './transport-checks.ts'

export {type OpenPair, type TransportCheck, transportChecks} from './transport-checks.ts'

/** Registers `transportChecks` with vitest, as the block `<name> is a transport`. */
export function testTransport(name: string, openPair: OpenPair): void {
  describe(`${name} is a transport`, () => {
    for (const {name: does, run} of transportChecks) {
      // oxlint-disable-next-line vitest/valid-title -- it is a string; the rule does not look that far
      test(does, () => run(openPair))
    }
  })
}

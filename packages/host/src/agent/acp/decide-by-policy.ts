import type {Question} from '@holdfast/acp'
import type {PermissionPolicy} from '@holdfast/protocol'

/** The kinds of options that say so, the one that grants or refuses the least first. */
const kindsOf = {allow: ['allow_once', 'allow_always'], reject: ['reject_once', 'reject_always']} as const

/**
 * The option that a policy chooses, if it chooses one: then the user is not asked. `kind`: of the tool; a tool without a kind is
 * `other`. Pure.
 */
export function decideByPolicy(
  options: Question['options'],
  kind: string | undefined,
  policy: PermissionPolicy,
): string | undefined {
  // `hasOwn`: a kind such as `constructor` must not find what every object inherits.
  const answer = Object.hasOwn(policy, kind ?? 'other') ? policy[kind ?? 'other'] : undefined
  if (answer === undefined || answer === 'ask') return undefined
  const found = kindsOf[answer].map((wanted) => options.find((option) => option.kind === wanted))
  return found.find((option) => option !== undefined)?.optionId
}

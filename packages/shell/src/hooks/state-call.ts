import {quotePosix} from './quote.ts'

/** Script text for bash and zsh that calls `__holdfast_state` if the link leads to a device. */
export function stateCall(link: string | undefined): string {
  if (link === undefined) return ':'
  return `[[ ! -c ${quotePosix(link)} ]] || __holdfast_state >${quotePosix(link)}`
}

import {describeLoss, type ClientStatus} from '@holdfast/client'

/** Reports once when the connection to another machine is lost, and once when it is restored. */
export function createConnectionReporter(say: (message: string) => void): (status: ClientStatus) => void {
  let isLost = false
  return (status) => {
    if (status.kind === 'recovering' && !isLost) {
      isLost = true
      say(`the connection was lost (${describeLoss(status)}); reconnecting, Ctrl-C leaves`)
    } else if (status.kind === 'live' && isLost) {
      isLost = false
      say('the connection is restored')
    }
  }
}

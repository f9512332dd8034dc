import {describeLoss, type ClientStatus} from '@holdfast/client'

/** Says when the line to another machine is lost and when it is back, once for each time. */
export function createConnectionReporter(say: (message: string) => void): (status: ClientStatus) => void {
  let isLost = false
  return (status) => {
    if (status.kind === 'recovering' && !isLost) {
      isLost = true
      say(`the line is lost (${describeLoss(status)}); connecting again until it is back, Ctrl-C leaves`)
    } else if (status.kind === 'live' && isLost) {
      isLost = false
      say('the line is back')
    }
  }
}

import {checkUp} from '../../doctor/checkup.ts'
import {describeCheckup} from '../../doctor/describe-checkup.ts'
import type {SlashCommand} from '../slash-command.ts'

export const doctor: SlashCommand = {
  name: '/doctor',
  description: 'explains why processes exited, and checks the setup',
  async run({model, home, answer}) {
    model.setNotice('Checking …')
    const checkup = await checkUp(home, Date.now())
    model.setNotice(undefined)
    answer(describeCheckup(checkup, Date.now()))
  },
}

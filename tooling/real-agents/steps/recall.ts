import type {DrivenSession} from '../session/driven-session.ts'
import {expectThat} from './step.ts'

/**
 * Asks the model which directives the agent has given back to it. Expects all but `cut`, the one of a prompt that was cut short,
 * which an agent may have lost: says whether it has.
 */
export async function expectRecall(session: DrivenSession, cut?: string): Promise<string> {
  const sent = [...session.directives]
  const promptId = await session.submit('recall')
  await session.ended(promptId)
  const said = session.said(promptId)
  const [, list = ''] = /recalled \d+: (.*); assistant turns/s.exec(said) ?? []
  const recalled = list.split(' | ')
  const expected = new Set(sent.filter((directive) => directive !== 'recall' && directive !== cut))
  const lost = [...expected].filter((directive) => !recalled.includes(directive))
  expectThat(lost.length === 0, `the agent to remember ${[...expected].join(' | ')}`, said)
  const kept = `it remembers ${expected.size} earlier prompts`
  if (cut === undefined) return kept
  return recalled.includes(cut) ? `${kept} and the one that was cut short` : `${kept}, not the one that was cut short`
}

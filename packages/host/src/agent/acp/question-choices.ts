import type {Question} from '@holdfast/acp'

import type {Question as AskedQuestion} from '../agent.ts'

/** The longest id of a choice, characters. */
const maxIdLength = 128

/** The longest title or label, characters: they are shown on a line. */
const maxLabelLength = 1000

/** The open questions of an agent, whose ids of options may be anything. */
export function createQuestionChoices() {
  /** The ids of the options by those of the choices, by question. */
  const open = new Map<string, {options: ReadonlyMap<string, string>; isDecided: boolean}>()

  const idsOf = ({options}: Question) =>
    options.map(({optionId}, at) => {
      const isUsable = optionId !== '' && optionId.length <= maxIdLength
      return isUsable && options.findIndex((other) => other.optionId === optionId) === at ? optionId : `${at + 1}`
    })
  const keep = (question: Question, isDecided: boolean) => {
    const ids = idsOf(question)
    open.set(question.id, {options: new Map(ids.map((id, at) => [id, question.options[at]!.optionId])), isDecided})
    return ids
  }
  return {
    /** Remembers a question that the policy answers. */
    decide: (question: Question) => void keep(question, true),
    isDecided: (questionId: string): boolean => open.get(questionId)?.isDecided === true,
    add(question: Question, title: string): Omit<AskedQuestion, 'toolCallId'> {
      const ids = keep(question, false)
      const choices = question.options.map(({name, kind}, at) => ({
        id: ids[at]!,
        label: name.slice(0, maxLabelLength),
        kind,
      }))
      return {approvalId: question.id, title: title.slice(0, maxLabelLength), choices}
    },
    optionOf: (questionId: string, choice: string): string | undefined => open.get(questionId)?.options.get(choice),
    idOf(questionId: string, optionId: string): string | undefined {
      return [...(open.get(questionId)?.options ?? [])].find(([, option]) => option === optionId)?.[0]
    },
    /** Whether it was open. */
    forget: (questionId: string): boolean => open.delete(questionId),
  }
}

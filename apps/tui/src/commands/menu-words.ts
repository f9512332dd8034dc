import type {MenuWord} from '../screen/composer/completion.ts'
import type {Word, WordContext} from '../words/word.ts'

/** The words as the menu of the composer has them. */
export function toMenuWords(words: readonly Word[], context: () => WordContext): readonly MenuWord[] {
  return words.map(({name, description, argument}) => {
    if (argument === undefined) return {name, description}
    const {shape, complete} = argument
    if (complete === undefined) return {name, description, shape}
    return {name, description, shape, complete: (written) => complete(context(), written)}
  })
}

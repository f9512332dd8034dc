/** How long the first text waits for more, ms. */
const delayMs = 5

/** A text of this length is given out at once, UTF-16 units. */
const maxLength = 65_536

/** Joins small texts of one prompt, which agents send word by word. */
export function createDelayedText(give: (text: string, promptId: string) => void) {
  let text = ''
  let promptId = ''
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const whole = text
    text = ''
    if (whole !== '') give(whole, promptId)
  }
  return {
    add(more: string, id: string): void {
      if (id !== promptId) flush()
      promptId = id
      text += more
      if (text.length >= maxLength) flush()
      else timer ??= setTimeout(flush, delayMs)
    },
    flush,
  }
}

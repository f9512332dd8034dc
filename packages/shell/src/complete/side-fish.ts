import {MESSAGE_BEGINS, MESSAGE_ENDS} from '../message-marks.ts'
import {quoteFish} from '../hooks/quote.ts'
import {MAX_MATCHES, type SideShell} from './side-shell.ts'
import {readWord, writeWord} from './write-word.ts'

/** Completes in fish 3.2 or newer, by `complete -C`. */
export function sideFish(): SideShell {
  let answersPath = ''
  const answer = (body: string) => `begin
    printf '${MESSAGE_BEGINS}'
    ${body}
    printf '${MESSAGE_ENDS}'
end </dev/null >${quoteFish(answersPath)} 2>/dev/null
`
  return {
    start({requests, answers}) {
      answersPath = answers
      return {args: ['--no-config', 'complete.fish'], env: {}, files: {'complete.fish': script(requests)}}
    },
    takeState: (state) => `begin\n${state}\nend >/dev/null 2>/dev/null\nset -e TMOUT\n${answer('')}`,
    request: ({text, cwd}) =>
      `builtin cd ${quoteFish(cwd)} 2>/dev/null\n${answer(`set -q __hf_escape; and echo escaped; or echo plain
    complete $__hf_escape -C ${quoteFish(text)} | string match -rv '^(|.*\\t)__holdfast_' | head -n ${MAX_MATCHES}`)}`,
    readAnswer(answerText, {current, quote}) {
      const [how, ...lines] = answerText.split('\n').filter((line) => line !== '')
      return {
        start: current.start,
        matches: lines.map((line) => {
          const [text = '', description = ''] = line.split('\t')
          const insert = how === 'escaped' ? withoutEnd(text, quote) : writeWord(text, {quote, syntax: 'fish'})
          const value = how === 'escaped' ? readWord(text) : text
          // fish puts no space behind what may be continued.
          const suffix = /[/=@:.,]$/.test(value) ? '' : `${quote} `
          const label = value.replace(/^.*\/(?=[^/])/s, '')
          return {insert, suffix, label, description: description.trim()}
        }),
      }
    },
  }
}

/** Without the quote that fish puts at the end of a word in quotes. */
function withoutEnd(word: string, quote: string): string {
  return quote !== '' && word.length > 1 && word.endsWith(quote) ? word.slice(0, -1) : word
}

/** The pipe must be closed when an answer is sent: else the next request could go to its old reader. */
function script(requests: string): string {
  return `command mkfifo -m 600 ${quoteFish(requests)}; or exit
# An older fish does not escape.
complete --escape -C '' >/dev/null 2>/dev/null; and set __hf_escape --escape
while true
    command cat ${quoteFish(requests)} | source
end >/dev/null 2>/dev/null
`
}

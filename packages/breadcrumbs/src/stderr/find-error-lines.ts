const maxLines = 3

/** How long a message may be, lines. */
const maxMessageLines = 20

/** A line of a stack, or another one that shows that a runtime has printed what is above: Node, Java, Ruby, Rust, V8, Go. */
const stack =
  /^\s+at \S|^\s+from \S+:\d|^Node\.js v\d|^\s*\d+: (?:0x|\S+::)|^note: .*`RUST_BACKTRACE=|^goroutine \d+ .*\[.*\]:$/

/** A line that stands below an error only together with a stack. The functions of a Go stack are not indented. */
const belowError =
  /^\s|^[\]}]|^\(Use `node --trace-uncaught|^stack backtrace:$|^----- Native stack|^created by |^exit status \d+$|^\[signal SIG|^[\w./*()[\]{}-]+\(.*\)$/

/** The line below the source of an error, under its place. */
const pointer = /^\s*[\^~]+\s*$/

/** The first line of a message, by the name of the error. */
const error =
  /^(?:Uncaught |Caused by: |Exception in thread ".*" )?[\w$.]*(?:Error|Exception)\b|^panic: |^fatal error: /

/**
 * The last 3 lines at most that say why a process ended, oldest first, without empty ones. The last one is the error itself:
 * not its stack, nor the version that Node prints last, nor the second line of its message. Where no stack is at the end, it
 * is the last line, as it is with the traceback of Python.
 */
export function findErrorLines(stderr: string): string[] {
  const lines = stderr.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  const last = lines.findLastIndex((line) => !stack.test(line) && !belowError.test(line))
  if (last < 0 || !lines.slice(last + 1).some((line) => stack.test(line))) return lines.slice(-maxLines)
  const source = lines.findLastIndex((line, index) => index < last && pointer.test(line))
  const above = lines.slice(Math.max(source + 1, last - maxMessageLines), last + 1)
  const message = above.filter((line) => !stack.test(line))
  const start = message.findLastIndex((line) => error.test(line))
  // Below its source, an error needs no name to be found.
  const end = start >= 0 ? start + 1 : source >= 0 ? 1 : message.length
  return message.slice(0, end).slice(-maxLines)
}

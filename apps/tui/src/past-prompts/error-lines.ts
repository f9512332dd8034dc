/** How the tools that people run most begin, or mark, the lines of their errors. */
const patterns: readonly RegExp[] = [
  // gcc, clang, javac, mypy, swiftc, ghc: `src/a.c:3:5: error: …`; tsc: `a.ts(3,5): error TS1005`, `a.ts:3:5 - error TS1005`
  /^\S[^:(]*(?::\d+(?::\d+)?:?|\(\d+,\d+\):)(?: -)? (?:fatal )?error\b/,
  // go build, go vet
  /^(?:\.{0,2}\/)?[\w./-]+\.go:\d+(?::\d+)?: /,
  // eslint
  /^\s+\d+:\d+\s+error\s/,
  // rustc, cargo, git, clang, npm, ld, docker: at the beginning, perhaps behind the name of the program
  /^(?:[\w./+-]+: ){0,2}(?:fatal|error|ERROR|FATAL|panic)(?:\[\w+\])?: /,
  // kotlinc; rustc marks the place of the error by an arrow, which says nothing alone
  /^e: /,
  // terraform, Gradle, CMake, PHP, node
  /^[│╷\s]*(?:Error|FAILURE|Fatal error|PHP Fatal error|PHP Parse error|CMake Error)\b(?: at [^:]+:\d+)?.*:/,
  // npm
  /^npm (?:ERR!|error) /,
  // Loggers and Maven: the level alone
  /^(?:\[\w+\] |[\d\-:.,T+Z[\] ]{8,}\s)?\[?(?:ERROR|FATAL|CRITICAL|SEVERE)\b\]?(?![\w=-])/,
  // Python, JavaScript, Java, Ruby, C#
  /^Traceback \(most recent call last\):/,
  /^\s*(?:Uncaught |Caused by: |Unhandled exception\. )?(?:[A-Za-z_]\w*[.:]{1,2})*[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?(?::|$)/,
  /^Exception in thread /,
  /\(\w+Error\)$/,
  // Tests: pytest, go test, cargo test, TAP, jest, vitest, mocha, ninja
  /^E {2,}\S/,
  /^(?:FAILED|ERROR) \S+(?:::|\.py)/,
  /^--- FAIL: /,
  /^\s*FAIL(?:ED)?(?::|\s|$)/,
  /^test .* \.\.\. FAILED$/,
  /^not ok\b/,
  /^\s*[✗✘✖×❌] ?\S/u,
  /^\s{1,4}● \S.* › /,
  // Programs that have ended badly
  /^thread '.*'(?: \(\d+\))? panicked at /,
  /^g?make(?:\[\d+\])?: \*\*\* /,
  /\b(?:Segmentation fault|Bus error|Aborted|Illegal instruction)(?: \(core dumped\))?$/,
  /undefined reference to /,
  // Shells
  /: (?:command not found|No such file or directory|Permission denied|not found)$/,
  /^(?:fish: )?Unknown command: /,
  /^curl: \(\d+\) /,
  /^> Task \S+ FAILED$/,
]

/** Longer lines, UTF-16 units, are looked at only up to here. */
const longestLine = 1000

/** Whether a plain line of output, without SGR sequences, reports an error, by the forms of well-known tools. Pure. */
export function isErrorLine(line: string): boolean {
  const text = line.slice(0, longestLine).trimEnd()
  return patterns.some((pattern) => pattern.test(text))
}

/** The indexes of the lines that report an error. Pure. */
export function findErrorLines(lines: readonly string[]): number[] {
  return lines.flatMap((line, index) => (isErrorLine(line) ? [index] : []))
}

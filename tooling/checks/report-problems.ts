/** Ends a check: prints each problem on stderr, or one line that all is well, and sets the exit status. */
export function reportProblems(subject: string, problems: readonly string[]): void {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${subject}: as it should be`)
}

/** print-fast.ts SECONDS: prints 1,000 numbered lines a second. */
const seconds = Number(process.argv[2])
const startedAt = performance.now()
let printed = 0
const timer = setInterval(() => {
  const elapsed = Math.min(performance.now() - startedAt, seconds * 1000)
  let text = ''
  for (; printed < elapsed; printed++) text += `${printed} 0123456789 0123456789 0123456789 0123456789\n`
  process.stdout.write(text)
  if (elapsed === seconds * 1000) clearInterval(timer)
}, 5)

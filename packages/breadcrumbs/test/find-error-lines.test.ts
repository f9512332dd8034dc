import {spawnSync} from 'node:child_process'

import {expect, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {findErrorLines} from '../src/stderr/find-error-lines.ts'

/** The error itself. */
const errorOf = (stderr: string) => findErrorLines(stderr).at(-1)

const stderrOf = (command: string, args: readonly string[]) => spawnSync(command, args, {encoding: 'utf8'}).stderr

test.each([
  ['throw new Error("boom")', 'Error: boom'],
  ['throw new TypeError("first\\nsecond\\nthird")', 'TypeError: first'],
  ['throw new Error("outer", {cause: Object.assign(new Error("inner"), {code: "X"})})', 'Error: outer'],
  ['throw new AggregateError([new Error("x"), new Error("y")], "both")', 'AggregateError: both'],
  ['throw Object.assign(new Error("s"), {name: "Fault"})', 'Fault: s'],
  ['class Fault extends Error {name = "Fault"}; throw new Fault("s")', 'Fault: s'],
  ['require("fs").readFileSync("/nope")', "Error: ENOENT: no such file or directory, open '/nope'"],
  ['require("./nope")', "Error: Cannot find module './nope'"],
  ['a b', "SyntaxError: Unexpected identifier 'b'"],
  ['throw "text"', 'text'],
  ['throw undefined', 'undefined'],
  ['Promise.reject(new Error("later"))', 'Error: later'],
  ['console.error(new Error("handled")); console.error("then gave up"); process.exit(1)', 'then gave up'],
  ['console.error("usage: x", "\\n  --help"); process.exit(1)', '  --help'],
])('finds the error of Node running %s', (code, error) => {
  expect(errorOf(stderrOf(process.execPath, ['-e', code]))).toBe(error)
})

test('shows the error of Node without the source above it', () => {
  expect(findErrorLines(stderrOf(process.execPath, ['-e', 'throw new Error("boom")']))).toEqual(['Error: boom'])
})

test('finds that the heap of Node is used up', () => {
  const exhaust = 'const all = []; for (;;) all.push(new Array(1e4).fill({}))'
  const stderr = stderrOf(process.execPath, ['--max-old-space-size=10', '-e', exhaust])
  expect(errorOf(stderr)).toMatch(/^FATAL ERROR: .*JavaScript heap out of memory$/)
})

test('finds the error of Python', () => {
  const python = need('python3')
  const code = 'def f(): raise ValueError("boom")\ntry: f()\nexcept ValueError as e: raise KeyError("x") from e'
  expect(errorOf(stderrOf(python, ['-c', code]))).toBe("KeyError: 'x'")
})

// As these print them; their compilers are no part of the tests.
test.each([
  [
    'Rust',
    "\nthread 'main' (71) panicked at src/main.rs:2:5:\nboom\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
    ["thread 'main' (71) panicked at src/main.rs:2:5:", 'boom'],
  ],
  [
    'Rust with a backtrace',
    "thread 'main' panicked at src/main.rs:2:5:\nboom\nstack backtrace:\n   0: std::panicking::begin_panic\n             at /rustc/1/library/std/src/panicking.rs:1:5\n   1: a::main\nnote: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.\n",
    ["thread 'main' panicked at src/main.rs:2:5:", 'boom'],
  ],
  [
    'Go',
    'panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/tmp/x.go:4 +0x25\nmain.(*T).run(0x1)\n\t/tmp/x.go:9 +0x1\ncreated by main.start in goroutine 1\n\t/tmp/x.go:2 +0x1\nexit status 2\n',
    ['panic: boom'],
  ],
  [
    'Go, of a signal',
    'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4]\n\ngoroutine 1 [running]:\nmain.main()\n\t/tmp/x.go:4 +0x2\n',
    ['panic: runtime error: invalid memory address or nil pointer dereference'],
  ],
  [
    'Java',
    'Exception in thread "main" java.lang.IllegalStateException: boom\n\tat Main.main(Main.java:3)\nCaused by: java.io.IOException: full\n\tat Main.save(Main.java:9)\n\t... 1 more\n',
    ['Exception in thread "main" java.lang.IllegalStateException: boom', 'Caused by: java.io.IOException: full'],
  ],
  ['Ruby', "x.rb:1:in 'f': boom (RuntimeError)\n\tfrom x.rb:3:in '<main>'\n", ["x.rb:1:in 'f': boom (RuntimeError)"]],
  ['a plain program', 'one\r\ntwo\n\nthree\rfour\n', ['two', 'three', 'four']],
  ['a silent program', '', []],
])('finds the error of %s', (_, stderr, lines) => {
  expect(findErrorLines(stderr)).toEqual(lines)
})

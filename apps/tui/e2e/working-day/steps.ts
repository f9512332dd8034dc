import {ctrl} from '../support/key-bytes.ts'
import type {Step} from './step.ts'

/** What the user answers to a password prompt. */
export const password = 'correct horse 7!'

const pasted = Array.from({length: 200}, (_, at) => `echo pasted ${at + 1}`)

/** What the shells say of a job that SIGTERM has ended. */
const ended = {bash: 'Terminated', zsh: 'terminated', fish: 'terminated by signal SIGTERM'} as const

/** The working day, from a clone to the last job. */
export const steps: readonly Step[] = [
  {
    command: 'git clone localhost:$PWD/origin work',
    // How fast, and in which order the two machines say it.
    varies: /^(?:remote: Total|Receiving|Resolving).*$/,
    says: 'remote: Counting objects: 100% (38/38), done.',
  },
  {command: 'cd work'},
  {
    command: 'git switch -c feature HEAD~1',
    killedBefore: 'gateway',
    says: "Switched to a new branch 'feature'",
  },

  // A commit in an editor.
  {
    command: 'vim plan',
    acts: [
      {when: /^nine: coffee/m, keys: 'A and cake'},
      {when: /^nine: coffee and cake/m, kill: 'tui'},
      {when: /^nine: coffee and cake/m, keys: '\u001b:wq\r'},
    ],
  },
  {
    command: 'git commit -a',
    acts: [
      {when: /Please enter the commit message/, keys: 'ihave cake\u001b'},
      {when: /^have cake/m, kill: 'gateway'},
      {when: /^have cake/m, keys: ctrl('g'), until: /\[Modified\]/},
      {when: /^have cake/m, keys: ':wq\r'},
    ],
    says: ' 1 file changed, 1 insertion(+), 1 deletion(-)',
  },

  // A rebase with a conflict, and its solution.
  {
    command: 'git rebase -i main',
    acts: [{when: /^pick \w+ (# )?have cake/m, keys: ':wq\r'}],
    says: 'CONFLICT (content): Merge conflict in plan',
  },
  {
    command: 'vim +1 plan',
    acts: [
      {when: /^<<<<<<< /m, keys: 'dd:g/^[=>]\\{7}/d\r'},
      {when: /^nine: tea\nnine: coffee and cake\nfive/m, keys: ':wq\r'},
    ],
  },
  {command: 'git add plan', killedBefore: 'host'},
  {
    command: 'git rebase --continue',
    acts: [{when: /^have cake/m, keys: ':wq\r'}],
    says: 'Successfully rebased and updated refs/heads/feature.',
  },

  // Log and blame in a pager.
  {
    command: 'git log',
    acts: [
      {when: /^ {4}have cake/m, keys: ' '},
      {when: /^ {4}day 9/m, keys: 'q'},
    ],
    says: '    have cake',
  },
  {
    command: 'git blame diary',
    acts: [
      {when: /line 20$/m, keys: 'G'},
      {when: /line 60$/m, keys: 'q'},
    ],
  },

  // A package.
  {
    command: 'npm init',
    acts: [
      {when: /package name:/, keys: 'day\r'},
      {when: /version: \(1\.0\.0\)/, keys: '0.1.0\r'},
      {when: /description:/, kill: 'tui'},
      {when: /description:/, keys: 'A day\r'},
      {when: /entry point:/, keys: '\r'},
      {when: /test command:/, keys: 'true\r'},
      {when: /git repository:/, keys: '\r'},
      {when: /keywords:/, keys: '\r'},
      {when: /author:/, keys: 'Ann\r'},
      {when: /license:/, keys: 'MIT\r'},
      {when: /type:/, keys: '\r'},
      {when: /Is this OK\?/, keys: 'yes\r'},
    ],
    says: '  "description": "A day",',
  },
  {command: 'npm install --offline --no-audit --no-fund ../tool.tgz', varies: /\d+m?s$/, says: 'added 1 package in …'},

  // A REPL, and a password.
  {
    command: 'python3 -q',
    acts: [
      {when: />>>/, keys: 'print(6 * 7)\r'},
      {when: /^42$/m, kill: 'gateway'},
      {when: /^42\n(?:[^]*» )?>>>$/m, keys: 'for i in range(3): print("line", i)\r'},
      {when: /\.\.\./, keys: '\r'},
      {when: /^line 2\n(?:[^]*» )?>>>$/m, keys: 'exit()\r'},
    ],
    says: 'line 2',
  },
  {
    command: `python3 -c 'import getpass; print("read", len(getpass.getpass()))'`,
    acts: [
      {when: /Password:/, kill: 'tui', half: password.slice(0, 8)},
      {when: /Password:/, keys: `${password}\r`},
    ],
    says: `read ${password.length}`,
  },

  {
    command: '../as-ann sudo -p "Password for ann: " whoami',
    acts: [
      {when: /^(?:» )?Password for ann:/m, kill: 'gateway'},
      {when: /^(?:» )?Password for ann:/m, keys: `${password}\r`},
    ],
    says: 'root',
  },

  // Programs in the midst of which the host dies, and they with it.
  {
    command: `sh -c 'seq 5; read answer'`,
    acts: [{when: /^5$/m, kill: 'host', instead: '\r'}],
    says: '5',
  },
  {
    command: 'vim diary',
    acts: [{when: /^line 3$/m, kill: 'host', instead: ':q\r'}],
  },

  // More than one line.
  {
    command: {
      bash: 'for i in 1 2 3\ndo echo "round $i"\ndone',
      zsh: 'for i in 1 2 3\ndo echo "round $i"\ndone',
      fish: 'for i in 1 2 3\necho "round $i"\nend',
    },
    says: 'round 3',
  },
  {
    command: {
      bash: 'cat <<END\nsum $((6 * 7))\nEND',
      zsh: 'cat <<END\nsum $((6 * 7))\nEND',
      fish: "echo 'sum\n42'",
    },
    says: {bash: 'sum 42', zsh: 'sum 42', fish: '42'},
  },
  {command: pasted.join('\n'), isPasted: true, says: 'pasted 200'},

  // Another machine, with a tmux there.
  {
    command: 'ssh -F ../ssh.conf -t localhost "$PWD/../remote"',
    acts: [
      {when: /^remote>/m, keys: 'seq 40\r'},
      {when: /^40\nremote>/m, keys: 'tmux -L t -f /dev/null new "echo inside; read x"\r'},
      {when: /^inside/m, kill: 'tui'},
      {when: /^inside/m, keys: '\r'},
      {when: /\[exited\]\nremote>/, keys: 'exit\r'},
    ],
    says: '[exited]',
  },

  // Jobs.
  {
    command: `sh -c 'echo begun; exec sleep 300'`,
    acts: [
      {when: /^begun$/m, kill: 'gateway'},
      {when: /^begun$/m, signal: ctrl('z')},
    ],
    varies: /\d+/,
    says: 'begun',
  },
  {command: 'jobs', varies: /\d+ */},
  {command: 'bg', varies: /\d+/},
  // Not `jobs -p`, of which fish suggests more.
  {command: {bash: 'jobs -p', zsh: 'jobs -p', fish: 'jobs --pid'}, varies: /\d+/},
  {command: 'kill %1', tells: ended},
  // It ends before that, and the shell says so before the next prompt.
  {command: 'sleep 0.3', tells: ended},

  // Programs that take the whole terminal.
  {
    command: {
      bash: 'x=$(ls | fzf); echo "got $x"',
      zsh: 'x=$(ls | fzf); echo "got $x"',
      fish: 'set x (ls | fzf); echo "got $x"',
    },
    acts: [
      {when: /5\/5/, keys: 'dia'},
      {when: /1\/5/, keys: '\r'},
    ],
    says: 'got diary',
  },
  {
    command: 'man ../day.1',
    acts: [
      {when: /^NAME/m, kill: 'gateway'},
      {when: /^NAME/m, keys: '=', until: /lines 1-/},
      {when: /lines 1-/, keys: 'q'},
    ],
  },
  {command: 'htop', killedBefore: 'host', acts: [{when: /F10/, keys: 'q'}]},

  {command: 'echo the end', says: 'the end'},
]

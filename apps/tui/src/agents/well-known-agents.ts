/** A coding agent that needs no entry in the settings. */
export interface WellKnownAgent {
  name: string
  command: string
  /** With these, it speaks the Agent Client Protocol. */
  args: readonly string[]
  /** A command that installs it, or the page that says how. */
  install: string
}

/** In the order of `holdfast agents`. */
export const wellKnownAgents: readonly WellKnownAgent[] = [
  {
    name: 'claude',
    command: 'claude-agent-acp',
    args: [],
    install: 'npm install --global @agentclientprotocol/claude-agent-acp',
  },
  {name: 'codex', command: 'codex-acp', args: [], install: 'npm install --global @agentclientprotocol/codex-acp'},
  {name: 'copilot', command: 'copilot', args: ['--acp'], install: 'npm install --global @github/copilot'},
  {name: 'gemini', command: 'gemini', args: ['--acp'], install: 'npm install --global @google/gemini-cli'},
  {name: 'goose', command: 'goose', args: ['acp'], install: 'https://block.github.io/goose'},
  {name: 'opencode', command: 'opencode', args: ['acp'], install: 'npm install --global opencode-ai'},
  {name: 'qwen', command: 'qwen', args: ['--acp'], install: 'npm install --global @qwen-code/qwen-code'},
]

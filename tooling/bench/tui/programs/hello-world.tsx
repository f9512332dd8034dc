import {render, Text, useInput} from 'ink'
import {useState} from 'react'

/** The least Ink app with a composer: it echoes keys, and Ctrl-U clears them. */
function HelloWorld() {
  const [text, setText] = useState('')
  useInput((input, key) => setText((before) => (key.ctrl ? '' : before + input)))
  return (
    <Text>
      <Text color="cyan">❯ </Text>
      {text}
      <Text inverse> </Text>
    </Text>
  )
}

render(<HelloWorld />, {interactive: true})

import {render, Text, useInput} from 'ink'
import {useState} from 'react'

/** The least that a screen of this kind can be: a composer that takes keys; Ctrl-U clears it. */
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

import {paletteCode, trueColorCode, type ColorDepth} from '@holdfast/terminal'

import {namedColors, tokens, type Color, type Style, type Theme, type Token} from './theme.ts'

/** Draws a text of one line, without SGR sequences of its own, as the theme draws the token. */
export type Paint = (token: Token, text: string) => string

/**
 * Draws from a theme. A colour that the terminal does not have becomes the nearest one. Without colours, as `NO_COLOR` wants it,
 * bold, dim, italic, underlined and inverse text stay: they are no colours. Pure.
 */
export function createPaint(theme: Theme, depth: ColorDepth): Paint {
  const styles = new Map((Object.keys(tokens) as Token[]).map((token) => [token, sequencesOf(theme[token], depth)]))
  return (token, text) => {
    const {begin, end} = styles.get(token) ?? plain
    return text === '' ? '' : begin + text + end
  }
}

interface Sequences {
  begin: string
  end: string
}

const plain: Sequences = {begin: '', end: ''}

function sequencesOf(style: Style, depth: ColorDepth): Sequences {
  const hasColors = depth > 1
  const codes: (string | false | undefined)[][] = [
    [style.bold === true && '1', '22'],
    [style.dim === true && '2', '22'],
    [style.italic === true && '3', '23'],
    [style.underline === true && '4', '24'],
    [style.inverse === true && '7', '27'],
    [hasColors && style.color !== undefined && colorCode(style.color, 'text', depth), '39'],
    [hasColors && style.background !== undefined && colorCode(style.background, 'background', depth), '49'],
  ]
  const used = codes.filter(([begin]) => typeof begin === 'string')
  if (used.length === 0) return plain
  const join = (parts: unknown[]) => `\u001b[${[...new Set(parts)].join(';')}m`
  return {begin: join(used.map(([begin]) => begin)), end: join(used.map(([, end]) => end))}
}

function colorCode(color: Color, ground: 'text' | 'background', depth: ColorDepth): string {
  const named = (namedColors as readonly string[]).indexOf(color)
  return named === -1 ? trueColorCode(parseInt(color.slice(1), 16), ground, depth) : paletteCode(named, ground, depth)
}

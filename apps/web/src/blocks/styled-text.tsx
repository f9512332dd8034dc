import type {CSSProperties} from 'react'

import type {Segment} from '../transcript/output-lines.ts'
import {paletteColor, type TextStyle} from '../transcript/text-style.ts'

/** Output in its colours: those of the theme are classes, others are set on the element. */
export function StyledText({segments}: {segments: readonly Segment[]}) {
  return segments.map(({text, style}, at) =>
    style === undefined ? (
      text
    ) : (
      <span key={at} {...looksOf(style)}>
        {text}
      </span>
    ),
  )
}

interface Looks {
  className: string
  style?: CSSProperties
}

const looks = new WeakMap<TextStyle, Looks>()

function looksOf(style: TextStyle): Looks {
  const known = looks.get(style)
  if (known !== undefined) return known
  const [color, background] =
    style.isInverse === true ? [style.background ?? 'ground', style.color ?? 'text'] : [style.color, style.background]
  const [fore, back] = [resolve(color, 'fg'), resolve(background, 'bg')]
  const classes = [
    fore.className,
    back.className,
    (style.background !== undefined || style.isInverse === true) && 'on-color',
    style.isBold === true && 'bold',
    style.isDim === true && 'dim',
    style.isItalic === true && 'italic',
    style.isUnderlined === true && 'underline',
    style.isStruck === true && 'struck',
  ].filter((name) => name !== undefined && name !== false)
  const own = {
    ...(fore.value !== undefined && {color: fore.value}),
    ...(back.value !== undefined && {backgroundColor: back.value}),
  }
  const found = {className: classes.join(' '), ...(Object.keys(own).length > 0 && {style: own})}
  looks.set(style, found)
  return found
}

function resolve(
  color: number | string | undefined,
  part: 'fg' | 'bg',
): {className: string | undefined; value: string | undefined} {
  if (color === undefined) return {className: undefined, value: undefined}
  if (typeof color === 'number' && color < 16) return {className: `${part}-${color}`, value: undefined}
  if (typeof color === 'number') return {className: undefined, value: paletteColor(color)}
  return color.startsWith('#')
    ? {className: undefined, value: color}
    : {className: `${part}-${color}`, value: undefined}
}

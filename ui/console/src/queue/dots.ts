/** The dot plot beside 用时短: how long similar visits took, and this one. Pure. */
import type { Spread } from '../backend/types.ts'

export const WIDTH = 340
export const AXIS_Y = 40
const LEFT = 8
const RADIUS = 3
/** Dots nearer than this share a place and are stacked. */
const BIN = 2 * RADIUS + 1
/** Words nearer than this would run into each other. */
const WORD = 108

export interface Dots {
  dots: { x: number; y: number }[]
  this: number
  median: number | null
  /** Minutes at the right end: a multiple of five. */
  end: number
  /** Where the words stand: the median's go above where they would run into this visit's. */
  medianAbove: boolean
}

/** `2 分 10 秒`, `16 分`, `40 秒`. */
export function spentText(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round(seconds % 60)
  if (minutes === 0) return `${rest} 秒`
  return rest === 0 ? `${minutes} 分` : `${minutes} 分 ${rest} 秒`
}

/** To the nearest minute from ten minutes on: a median of half minutes says nothing. */
export const aboutText = (seconds: number): string => spentText(seconds < 600 ? seconds : Math.round(seconds / 60) * 60)

export function dots(spread: Spread): Dots {
  const longest = Math.max(spread.this, ...spread.others, 60)
  const end = Math.ceil(longest / 300) * 5
  const at = (seconds: number) => LEFT + ((WIDTH - 2 * LEFT) * seconds) / (end * 60)
  const stacks = new Map<number, number>()
  const placed = spread.others.map((seconds) => {
    const bin = Math.round(at(seconds) / BIN)
    const level = stacks.get(bin) ?? 0
    stacks.set(bin, level + 1)
    // Five high at most: a higher heap would leave the drawing, and more than five is simply many.
    return { x: bin * BIN, y: AXIS_Y - RADIUS - 2 - Math.min(level, 4) * BIN }
  })
  const median = spread.median === null ? null : at(spread.median)
  const mine = at(spread.this)
  return { dots: placed, this: mine, median, end, medianAbove: median !== null && Math.abs(median - mine) < WORD }
}

/** The same for those who hear it. */
export function dotsText(spread: Spread): string {
  const middle = spread.median === null ? '' : `，中位数 ${aboutText(spread.median)}`
  return `同类检查 ${spread.others.length} 次的用时${middle}，本次 ${spentText(spread.this)}`
}

/** Pen lines as the record keeps them: delta-coded points in thousandths of the pad's width. */
import type { Strokes } from '../backend/commands.ts'

export interface Point {
  x: number
  y: number
}

/** Thousandths of the pad's width. */
const UNIT = 1000

/** `[x0, y0, dx, dy, …]` per line; points that round to the last one are left out. */
export function encodeStrokes(lines: Point[][], width: number): Strokes {
  return lines.map((line) => {
    const out: number[] = []
    let before: Point | null = null
    for (const point of line) {
      const at = { x: Math.round((point.x / width) * UNIT), y: Math.round((point.y / width) * UNIT) }
      if (!before) out.push(at.x, at.y)
      else if (at.x !== before.x || at.y !== before.y) out.push(at.x - before.x, at.y - before.y)
      else continue
      before = at
    }
    return out
  })
}

/** Whether the lines are more than a slip of the finger: some length, some points. */
export function looksSigned(lines: Point[][]): boolean {
  let length = 0
  for (const line of lines) {
    line.forEach((point, at) => {
      const before = line[at - 1]
      if (before) length += Math.hypot(point.x - before.x, point.y - before.y)
    })
  }
  return length > 60
}

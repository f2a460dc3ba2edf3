/** Pen lines to SVG. */

/** Paths and the box around them. */
export interface Drawn {
  paths: string[]
  box: string
}

/** Decodes `[x0, y0, dx, dy, …]` lines; null where there is no point at all. */
export function strokePaths(strokes: number[][]): Drawn | null {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity
  const paths: string[] = []
  for (const stroke of strokes) {
    let x = 0, y = 0
    let path = ''
    for (let i = 0; i + 1 < stroke.length; i += 2) {
      x += stroke[i] as number
      y += stroke[i + 1] as number
      left = Math.min(left, x); right = Math.max(right, x)
      top = Math.min(top, y); bottom = Math.max(bottom, y)
      path += `${i === 0 ? 'M' : 'L'}${x} ${y}`
    }
    // A dot is a line of no length; the round cap makes it visible.
    if (stroke.length === 2) path += `L${x} ${y}`
    if (path) paths.push(path)
  }
  if (!paths.length) return null
  const edge = 12
  return { paths, box: `${left - edge} ${top - edge} ${right - left + 2 * edge} ${bottom - top + 2 * edge}` }
}

/** Commits of one record, one after the other: worker threads would otherwise overtake each other. */

const lines = new Map<string, Promise<unknown>>()

/** Runs after everything that was put in this line before, whether that succeeded or not. */
export function inLine<T>(line: string, act: () => Promise<T>): Promise<T> {
  const before = lines.get(line) ?? Promise.resolve()
  const next = before.then(act, act)
  lines.set(line, next)
  return next
}

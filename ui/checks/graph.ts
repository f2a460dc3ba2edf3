/** What a page loads before it shows anything: its scripts and all they import at once. */
import { parse } from 'acorn'

/** Names of files with their text, as in `dist/assets`. */
export type Scripts = Map<string, string>

type Source = { source?: { value?: unknown } | null; type: string }

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** What a script imports at once; `import()` is not among it. */
export function importsOf(script: string): string[] {
  const { body } = parse(script, { ecmaVersion: 'latest', sourceType: 'module' })
  return (body as unknown as Source[])
    .filter((node) => /^(Import|Export)/.test(node.type) && typeof node.source?.value === 'string')
    .map((node) => nameOf(String(node.source!.value)))
}

/** The scripts a page names itself. */
export function entriesOf(html: string): string[] {
  return Array.from(html.matchAll(/(?:src|href)="([^"]+\.js)"/g), ([, path]) => nameOf(path!))
}

/** These scripts with everything they import, each once. */
export function closure(scripts: Scripts, from: string[]): string[] {
  const found = new Set<string>()
  const open = [...from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue
    const text = scripts.get(name)
    if (text === undefined) throw new Error(`${name} is imported but was not built`)
    found.add(name)
    open.push(...importsOf(text))
  }
  return [...found].sort()
}

/** Checks what `npm run build` made: `node checks/dist.ts`, or `npm run dist` in ui/. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Built, check, faces } from './faces.ts'

function read(folder: string): Built {
  const files = new Map<string, Buffer>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path.slice(folder.length + 1), readFileSync(path))
  }
  const html = files.get('index.html')
  if (!html) throw new Error(`${folder} has no index.html; \`npm run build\` makes it`)
  return { html: html.toString('utf8'), files }
}

let failed = 0
for (const rules of faces) {
  const { wrong, said } = check(rules, read(join(import.meta.dirname, '..', rules.name, 'dist')))
  console.log(said)
  for (const line of wrong) console.error(`${rules.name}: ${line}`)
  failed += wrong.length
}
process.exitCode = failed ? 1 : 0

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = __dirname

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
}
/** What reaches a phone. The gallery is a page of the development server alone. */
const sources = files(root).filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('.test.ts') && !path.includes('/gallery/'))

test('only backend/ knows Tauri', () => {
  const found = sources.filter((path) => /['"]@tauri-apps\//.test(readFileSync(path, 'utf8')))
  expect(found.map((path) => relative(root, path))).toEqual(['backend/tauri.ts'])
})

test('the backend in memory is reached from the development server and from tests alone', () => {
  const found = sources.filter((path) => !path.includes('/memory/') && /backend\/memory/.test(readFileSync(path, 'utf8')))
  expect(found.map((path) => relative(root, path))).toEqual(['main.ts'])
})

test('no component is longer than 300 lines', () => {
  expect(sources.filter((path) => path.endsWith('.vue') && readFileSync(path, 'utf8').split('\n').length > 300)).toEqual([])
})

test('every control that is named in the code stands in TESTIDS.md', () => {
  const known = readFileSync(join(root, '../TESTIDS.md'), 'utf8')
  const names = sources
    .filter((path) => path.endsWith('.vue'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/(?<![:\w-])(?:data-)?testid="([a-z-]+)"/g)].map((match) => match[1] as string))
  expect(names.length).toBeGreaterThan(60)
  expect(names.filter((name) => !known.includes(`\`${name}\``) && !known.includes(`\`${name}-`))).toEqual([])
})

// @vitest-environment node
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Built, check, type Rules } from './faces.ts'
import { closure, importsOf } from './graph.ts'
import { tooNew } from './syntax.ts'

const rules: Rules = { name: 'face', firstPages: ['First-'], budgetKb: 1, phone: false, gate: false, notAtFirst: [['the charts', /zrender/]] }

function built(files: Record<string, string>): Built {
  const html = files['index.html'] ?? '<script type="module" src="/assets/index-1.js"></script>'
  return { html, files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])) }
}
const wrong = (files: Record<string, string>): string[] => check(rules, built({ 'assets/index-1.js': 'let a', ...files })).wrong

test('what Chromium 87 reads is not too new', () => {
  const script = 'class A { x = 1; #y = 2; m() { return this.#y ?? this?.x } } let b = 1_000; b ||= 2; async () => { await b }; /a/gsu; 2n ** 3n'
  expect(tooNew(script)).toEqual([])
})

test.each([
  ['class A { static { this.a = 1 } }', 'static block'],
  ['class A { #x; has(o) { return #x in o } }', '#x in'],
  ['/a/d', 'flag d'],
  ['await import("./a.js")', 'await outside'],
  ['for await (const a of b) c()', 'await outside'],
  ['import a from "./a.json" with { type: "json" }', 'does not parse'],
  ['/[a--b]/v', 'ES2022'],
])('%s is too new', (script, what) => {
  expect(tooNew(script).map((each) => each.what).join()).toContain(what)
})

test('a word inside a string is no syntax', () => {
  expect(tooNew('const a = "static { } await x"')).toEqual([])
})

test('imports at once are followed, those on demand are not', () => {
  const scripts = new Map([['a.js', 'import { b } from "./b.js"; import("./c.js")'], ['b.js', 'export * from "./d.js"'], ['c.js', ''], ['d.js', '']])
  expect(importsOf(scripts.get('a.js')!)).toEqual(['b.js'])
  expect(closure(scripts, ['a.js'])).toEqual(['a.js', 'b.js', 'd.js'])
  expect(() => closure(scripts, ['e.js'])).toThrow('was not built')
})

test('a clean face has nothing wrong', () => {
  expect(wrong({ 'assets/index-1.css': 'body { color: red }' })).toEqual([])
})

test('a first screen above its budget is found, also in a page that is loaded on demand', () => {
  const heavy = `export const a = "${randomBytes(2000).toString('base64')}"`
  expect(wrong({ 'assets/index-1.js': heavy }).join()).toContain('KB of gzipped script')
  expect(wrong({ 'assets/First-1.js': heavy }).join()).toContain('First-1.js')
  expect(wrong({ 'assets/Later-1.js': heavy })).toEqual([])
})

test('fonts, charts at first, the gallery, the backend in memory and the bridge are found', () => {
  expect(wrong({ 'assets/a.woff2': '' }).join()).toContain('font file')
  expect(wrong({ 'assets/a.css': '@font-face { src: url(a) }' }).join()).toContain('brings a font')
  expect(wrong({ 'assets/First-1.js': 'a("zrender")' }).join()).toContain('the charts')
  expect(wrong({ 'assets/a.js': 'let a = "gallery-show"' }).join()).toContain('component gallery')
  expect(wrong({ 'gallery.html': '<i class="gallery-title">' }).join()).toContain('component gallery')
  expect(wrong({ 'assets/a.js': 'let a = "柳汀禾记包子铺"' }).join()).toContain('backend in memory')
  const bridge = readFileSync(join(import.meta.dirname, '../field/src/backend/bridge.ts'), 'utf8')
  const mark = /const TOKEN = ('.+')/.exec(bridge)![1]
  expect(wrong({ 'assets/a.js': `let a = ${mark}` }).join()).toContain('development bridge')
})

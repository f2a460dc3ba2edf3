// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { newCalls } from './apis.ts'
import { type Built, check, type Rules } from './faces.ts'
import { gateIsWrong } from './gate.ts'
import { newStyles } from './styles.ts'

const publicFile = (name: string, face = 'field'): string => readFileSync(join(import.meta.dirname, '..', face, 'public', name), 'utf8')
const GATE = publicFile('gate.js')
const PAGE = publicFile('old.html')
const DESK_GATE = publicFile('gate.js', 'console')
const DESK_PAGE = publicFile('old.html', 'console')
const INDEX = '<script src="/gate.js"></script><script type="module" src="/assets/index-1.js"></script>'
const built = (html: string, gate: string, page: string, rest: Record<string, string> = {}): Built => ({
  html,
  files: new Map(Object.entries({ 'gate.js': gate, 'old.html': page, ...rest }).map(([path, text]) => [path, Buffer.from(text)])),
})

const agents: [what: string, agent: string, sentAway: boolean][] = [
  ['an Android 7 as it was sold', 'Mozilla/5.0 (Linux; Android 7.0; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/51.0.2704.91 Mobile Safari/537.36', true],
  ['the last one below the floor', 'Mozilla/5.0 (Linux; Android 10; wv) AppleWebKit/537.36 Version/4.0 Chrome/86.0.4240.198 Mobile Safari/537.36', true],
  ['the floor', 'Mozilla/5.0 (Linux; Android 11; wv) AppleWebKit/537.36 Version/4.0 Chrome/87.0.4280.141 Mobile Safari/537.36', false],
  ['a Huawei, whose package says 15', 'Mozilla/5.0 (Linux; Android 12; HarmonyOS; wv) AppleWebKit/537.36 Version/4.0 Chrome/114.0.5735.196 Mobile Safari/537.36', false],
  ['an iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148', false],
  ['the window on a desktop', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15', false],
]

/** Runs the gate as a page would; `elements` are what it finds by id. */
function run(userAgent: string, elements: Record<string, { textContent: string }>, gate = GATE): string[] {
  const went: string[] = []
  runInNewContext(gate, {
    navigator: { userAgent },
    document: { getElementById: (id: string) => elements[id] ?? null },
    location: { replace: (to: string) => went.push(to) },
  })
  return went
}

test.each(agents)('%s', (_, agent, sentAway) => {
  expect(run(agent, {})).toEqual(sentAway ? ['/old.html'] : [])
})

test('the page for old ones says which version it is and sends nobody in a circle', () => {
  const elements = { webview: { textContent: '?' }, agent: { textContent: '' } }
  const [, old] = agents[0]!
  expect(run(old, elements)).toEqual([])
  expect(elements.webview.textContent).toBe('51')
  expect(elements.agent.textContent).toBe(old)
  for (const id of Object.keys(elements)) expect(PAGE).toContain(`id="${id}"`)
})

test.each([
  ['Internet Explorer', 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko', 'IE 内核（兼容模式）'],
  ['the compatible way of a double-engine browser', 'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Trident/7.0)', 'IE 内核（兼容模式）'],
  ['an old one', 'Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.108 Safari/537.36', 'Chrome 内核 78 版'],
])('a desk with %s is sent to the page that says so', (_, agent, said) => {
  const elements = { browser: { textContent: '' }, agent: { textContent: '' } }
  expect(run(agent, {}, DESK_GATE)).toEqual(['/old.html'])
  expect(run(agent, elements, DESK_GATE)).toEqual([])
  expect(elements.browser.textContent).toBe(said)
  for (const id of Object.keys(elements)) expect(DESK_PAGE).toContain(`id="${id}"`)
})

test.each([
  ['Edge', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36 Edg/109.0.1518.140'],
  ['Firefox', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'],
])('a desk with %s goes on', (_, agent) => {
  expect(run(agent, {}, DESK_GATE)).toEqual([])
})

test('the gates as they are have nothing wrong', () => {
  expect(gateIsWrong(built(INDEX, GATE, PAGE))).toEqual([])
  expect(gateIsWrong(built(INDEX, DESK_GATE, DESK_PAGE, { 'old.css': '' }))).toEqual([])
})

test.each([
  ['the bundle before the gate', built('<script type="module" src="/a.js"></script><script src="/gate.js"></script>', GATE, PAGE), 'first script'],
  ['a gate that waits', built('<script defer src="/gate.js"></script>', GATE, PAGE), 'first script'],
  ['a gate no old WebView reads', built(INDEX, `${GATE};const a = () => 1`, PAGE), 'not ES5'],
  ['another floor', built(INDEX, GATE.replace('87', '80'), PAGE), 'another floor'],
  ['the bundle in the page', built(INDEX, GATE, `${PAGE}<script type="module" src="/a.js"></script>`), 'another script'],
  ['a style sheet that is not there', built(INDEX, DESK_GATE, DESK_PAGE), 'style sheet'],
  ['no page', { html: INDEX, files: new Map() }, 'not in what was built'],
])('%s is found', (_, what, says) => {
  expect(gateIsWrong(what).join()).toContain(says)
})

test.each([
  ['structuredClone(a)', 'structuredClone (Chrome 98)'],
  ['new AggregateError(a); crypto.randomUUID()', 'crypto.randomUUID (Chrome 92)'],
  ['AbortSignal.timeout(3)', 'AbortSignal.timeout'],
  ['Object.groupBy(a, b)', 'Object.groupBy (Chrome 117)'],
  ['list().findLast(a)', 'findLast (Chrome 97)'],
  ['dialog().checkVisibility()', 'checkVisibility (Chrome 105)'],
  ['new Intl.DurationFormat()', 'Intl.DurationFormat'],
])('%s calls what Chromium 87 lacks', (script, what) => {
  expect(newCalls(script).map((each) => each.what).join()).toContain(what)
})

test('what is old, guarded, brought along or the script’s own is not too new', () => {
  const script =
    'import { union } from "./a.js"; function structuredClone() {} structuredClone(); union(a); Promise.allSettled(b); c.replaceChildren(); "a".replaceAll("b", ""); d.at?.(0); Object.hasOwn(e, f); new Set(g).has(h)'
  expect(newCalls(script)).toEqual([])
})

test.each([
  ['.a { height: 100dvh }', 'without another value'],
  ['.a { height: calc(100svh - 3px) }', 'without another value'],
  ['.a:has(.b) { color: red }', ':has (Chrome 105)'],
  ['@container (width > 3px) { .a { color: red } }', '@container (Chrome 105)'],
  ['.a { aspect-ratio: 1 }', 'aspect-ratio (Chrome 88)'],
])('%s is too new for Chromium 87', (css, what) => {
  expect(newStyles(css).map((each) => each.what).join()).toContain(what)
})

test('styles with a fallback, and words inside texts, are not too new', () => {
  expect(newStyles('@media print { .a { height: 100vh; height: 100dvh; gap: 3px; inset: 0; outline: none } } .b::after { content: ":has(x) 3dvh" }')).toEqual([])
})

test('a face of phones is held to all of it, another is not', () => {
  const rules: Rules = { name: 'face', firstPages: [], budgetKb: 9, notAtFirst: [], phone: true, gate: true }
  const files = built(INDEX, GATE, PAGE, { 'assets/index-1.js': 'structuredClone(a)', 'assets/index-1.css': '.a { height: 1dvh }' })
  const { wrong } = check(rules, files)
  expect(wrong.join()).toContain('structuredClone')
  expect(wrong.join()).toContain('dvh')
  expect(wrong).toHaveLength(2)
  expect(check({ ...rules, phone: false, gate: false }, files).wrong).toEqual([])
})

/** What must hold for the built files of each face. */
import { gzipSync } from 'node:zlib'
import { newCalls } from './apis.ts'
import { gateIsWrong } from './gate.ts'
import { closure, entriesOf, type Scripts } from './graph.ts'
import { newStyles } from './styles.ts'
import { type TooNew, tooNew } from './syntax.ts'

/** A built face: its page and its files by path below `dist`. */
export interface Built {
  html: string
  files: Map<string, Buffer>
}

/** What is held against a face. */
export interface Rules {
  name: string
  /** Pages of the first screen that are loaded by `import()`, as their file names begin. */
  firstPages: string[]
  /** Most kilobytes of gzipped script for the first screen. */
  budgetKb: number
  /** Words by which a part is known that may not be loaded at first. */
  notAtFirst: [what: string, mark: RegExp][]
  /** Whether it runs on old phones: nothing newer than the floor. */
  phone: boolean
  /** Whether a page stands before it for those below the floor. */
  gate: boolean
}

export const faces: Rules[] = [
  { name: 'field', firstPages: ['TodayPage-'], budgetKb: 150, notAtFirst: [], phone: true, gate: true },
  {
    name: 'console',
    firstPages: ['Shell-', 'QueuePage-'],
    budgetKb: 250,
    // zrender draws every chart; its name stands in a message that no minifier touches.
    notAtFirst: [['the charts', /zrender|\[ECharts\]/]],
    phone: true,
    gate: true,
  },
]

/** What belongs to development and may be in no file of a release. */
const DEVELOPMENT: [what: string, mark: RegExp][] = [
  ['the component gallery', /gallery-(show|title|width|row)/],
  ['the backend in memory', /存储空间已满，这一下没有存上|柳汀禾记包子铺/],
  ['the development bridge', /x-xunji-bridge/],
]

const isScript = (path: string): boolean => path.endsWith('.js')
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const kb = (bytes: number): string => (bytes / 1000).toFixed(1)

/** Scripts of the first screen, and how many bytes they are when gzipped. */
export function firstScreen(rules: Rules, built: Built): { names: string[]; bytes: number } {
  const scripts: Scripts = new Map(
    [...built.files].filter(([path]) => isScript(path)).map(([path, bytes]) => [nameOf(path), bytes.toString('utf8')]),
  )
  const pages = [...scripts.keys()].filter((name) => rules.firstPages.some((page) => name.startsWith(page)))
  const names = closure(scripts, [...entriesOf(built.html), ...pages])
  const bytes = names.reduce((sum, name) => sum + gzipSync(scripts.get(name) ?? '', { level: 9 }).length, 0)
  return { names, bytes }
}

/** What Chromium 87 cannot read, call or draw in a file. Syntax first: what does not parse is not looked into. */
function newer({ phone }: Rules, path: string, text: string): TooNew[] {
  if (path.endsWith('.css')) return phone ? newStyles(text) : []
  if (!isScript(path)) return []
  const syntax = tooNew(text)
  return syntax.length || !phone ? syntax : newCalls(text)
}

/** Everything that is wrong with a face, in sentences; and what was measured. */
export function check(rules: Rules, built: Built): { wrong: string[]; said: string } {
  const wrong: string[] = []
  for (const [path, bytes] of built.files) {
    if (/\.(woff2?|ttf|otf|eot)$/.test(path)) wrong.push(`${path} is a font file; both faces use the system's fonts`)
    if (!/\.(js|css|html)$/.test(path)) continue
    const text = bytes.toString('utf8')
    if (/@font-face|data:font/.test(text)) wrong.push(`${path} brings a font; both faces use the system's fonts`)
    for (const [what, mark] of DEVELOPMENT) if (mark.test(text)) wrong.push(`${path} holds ${what}, which is for development alone`)
    for (const each of newer(rules, path, text)) wrong.push(`${path}: ${each.what} at ${each.at}: …${text.slice(each.at, each.at + 60)}…`)
  }
  if (rules.gate) wrong.push(...gateIsWrong(built))
  const first = firstScreen(rules, built)
  if (first.bytes > rules.budgetKb * 1000) {
    wrong.push(`the first screen loads ${kb(first.bytes)} KB of gzipped script, ${rules.budgetKb} are the most: ${first.names.join(' ')}`)
  }
  for (const [what, mark] of rules.notAtFirst) {
    const holds = first.names.filter((name) => [...built.files].some(([path, bytes]) => nameOf(path) === name && mark.test(bytes.toString('utf8'))))
    if (holds.length) wrong.push(`the first screen loads ${what} with ${holds.join(' ')}`)
  }
  const count = [...built.files.keys()].filter(isScript).length
  return { wrong, said: `${rules.name}: first screen ${kb(first.bytes)} KB of gzipped script (most ${rules.budgetKb}), ${count} scripts readable by Chromium 87` }
}

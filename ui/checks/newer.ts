/** What browsers learned after Chromium 87, by MDN's table of who has what: names of scripts and words of styles. */
import { createRequire } from 'node:module'

/** The oldest WebView the field app runs in; `ui/field/public/gate.js` sends older ones away. */
export const FLOOR = 87

interface Support {
  version_added?: string | boolean | null
  flags?: unknown
  prefix?: string
  alternative_name?: string
}
type Entry = { [name: string]: Entry } & { __compat?: { support?: { chrome?: Support | Support[] } } }

interface Data {
  api: Entry
  css: Entry
  javascript: { builtins: Entry }
}

const data = createRequire(import.meta.url)('@mdn/browser-compat-data') as Data

/** The version that first had any of it under its own name; nothing where the table does not say, or where no version has it. */
function since(entry: Entry): number | null {
  const chrome = entry.__compat?.support?.chrome
  const rows = Array.isArray(chrome) ? chrome : chrome ? [chrome] : []
  const plain = rows.filter((row) => !row.flags && !row.prefix && !row.alternative_name)
  const versions = plain.map((row) => Number.parseInt(String(row.version_added).replace('≤', ''), 10)).filter((version) => !Number.isNaN(version))
  return versions.length ? Math.min(...versions) : null
}

/** The earliest version of each name. The same name may stand in several places; it is new when all of them are. */
class Names {
  private readonly first = new Map<string, number>()
  note(name: string, entry: Entry): void {
    const version = since(entry)
    if (version !== null) this.first.set(name, Math.min(version, this.first.get(name) ?? Infinity))
  }
  /** The version, when it is above the floor. */
  get(name: string): number | null {
    const version = this.first.get(name)
    return version !== undefined && version > FLOOR ? version : null
  }
}

const children = (entry: Entry | undefined): [string, Entry][] =>
  Object.entries(entry ?? {}).filter(([name]) => name !== '__compat') as [string, Entry][]

/** Objects whose members are known by where they hang. */
const HANGS: Record<string, string> = {
  document: 'Document',
  window: 'Window',
  globalThis: 'Window',
  self: 'Window',
  navigator: 'Navigator',
  crypto: 'Crypto',
  performance: 'Performance',
  history: 'History',
  screen: 'Screen',
}
/** What most objects of a page are: names of their methods are looked for on any object. */
const COMMON = ['Node', 'Element', 'HTMLElement', 'HTMLInputElement', 'HTMLDialogElement', 'Blob', 'Response', 'AbortSignal', 'DataTransfer']

/** Who has a thing of a new kind has called for it by its name, and that is found. Its methods need not be looked for. */
const isOld = (owner: Entry): boolean => (since(owner) ?? 0) <= FLOOR

const globals = new Names()
const statics = new Names()
const methods = new Names()

for (const [owner, entry] of [...children(data.javascript.builtins), ...children(data.javascript.builtins['Intl'])]) {
  globals.note(owner, entry)
  for (const [name, member] of children(entry)) {
    const plain = name.replace(/_static$/, '')
    statics.note(`${owner}.${plain}`, member)
    if (plain === name && isOld(entry)) methods.note(name, member)
  }
}
for (const [owner, entry] of children(data.api)) {
  globals.note(owner, entry)
  const hangs = Object.keys(HANGS).filter((name) => HANGS[name] === owner)
  for (const [name, member] of children(entry)) {
    const plain = name.replace(/_static$/, '')
    if (name.endsWith('_event')) continue
    if (owner === 'Window' || owner === '_globals') globals.note(plain, member)
    for (const object of [owner, ...hangs]) statics.note(`${object}.${plain}`, member)
    // Also names of elsewhere count, so that an old method of the same name is not taken for the new one.
    if (plain === name && (COMMON.includes(owner) || (since(member) ?? Infinity) <= FLOOR)) methods.note(name, member)
  }
}

/** `structuredClone` → 98. */
export const newGlobal = (name: string): number | null => globals.get(name)
/** `Object.hasOwn`, `document.startViewTransition`, `crypto.randomUUID` → their versions. */
export const newStatic = (object: string, name: string): number | null => statics.get(`${object}.${name}`)
/** `toSorted` → 110, on whatever object. */
export const newMethod = (name: string): number | null => methods.get(name)

const properties = new Names()
const rules = new Names()
const selectors = new Names()
for (const [name, entry] of children(data.css['properties'])) properties.note(name, entry)
for (const [name, entry] of children(data.css['at-rules'])) rules.note(name, entry)
for (const [name, entry] of children(data.css['selectors'])) selectors.note(name, entry)

/** `aspect-ratio` → 88. */
export const newProperty = (name: string): number | null => properties.get(name)
/** `container` → 105, written without its sign. */
export const newRule = (name: string): number | null => rules.get(name)
/** `has` → 105, written without its colon. */
export const newSelector = (name: string): number | null => selectors.get(name)

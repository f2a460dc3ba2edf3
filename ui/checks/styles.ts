/** Words of styles that Chromium 87 does not know, where not knowing them breaks a page. */
import { newProperty, newRule, newSelector } from './newer.ts'
import type { TooNew } from './syntax.ts'

/** Properties that are newer and whose absence only looks a little plainer. */
const PLAINER = new Set(['scrollbar-width', 'text-spacing-trim', 'text-autospace', 'text-wrap', 'print-color-adjust'])

/** Lengths measured against the part of the screen that is seen: Chrome 108. */
const SEEN_UNITS = /(?:^|[^\w-])-?[\d.]+(?:[dsl]v(?:h|w|min|max|b|i))\b/

/** Everything too new in a style sheet. A newer value after an older one of the same property is a fallback and fine. */
export function newStyles(css: string): TooNew[] {
  const found: TooNew[] = []
  const text = css.replace(/\/\*[^]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (taken) => ' '.repeat(taken.length))
  for (const match of text.matchAll(/@([a-z-]+)/g)) note(found, `@${match[1]}`, newRule(match[1]!), match.index)
  for (const match of text.matchAll(/([^{};]+)\{/g)) selectors(found, match[1]!, match.index)
  for (const block of text.matchAll(/\{([^{}]*)\}/g)) declarations(found, block[1]!, block.index + 1)
  return found
}

function note(found: TooNew[], what: string, version: number | null, at: number): void {
  if (version !== null) found.push({ what: `${what} (Chrome ${version})`, at })
}

function selectors(found: TooNew[], selector: string, start: number): void {
  if (selector.trimStart().startsWith('@')) return
  for (const match of selector.matchAll(/::?([a-z-]+)/g)) note(found, match[0], newSelector(match[1]!), start + match.index)
}

function declarations(found: TooNew[], block: string, start: number): void {
  const older = new Set<string>()
  let at = start
  for (const declaration of block.split(';')) {
    const colon = declaration.indexOf(':')
    const name = declaration.slice(0, colon).trim().toLowerCase()
    const value = declaration.slice(colon + 1)
    if (colon > 0 && !name.startsWith('-')) {
      if (!PLAINER.has(name)) note(found, name, newProperty(name), at)
      if (!SEEN_UNITS.test(value)) older.add(name)
    }
    if (colon > 0 && SEEN_UNITS.test(value) && !older.has(name)) {
      found.push({ what: `${name} in dvh, svh or lvh without another value before it (Chrome 108)`, at })
    }
    at += declaration.length + 1
  }
}

/** The page for WebViews and browsers that are too old: it stands before the bundle, and needs nothing that they lack. */
import { parse } from 'acorn'
import type { Built } from './faces.ts'
import { FLOOR } from './newer.ts'

const GATE = 'gate.js'
const PAGE = 'old.html'
/** The one style sheet that the page may load, where the server allows none in the page itself. */
const STYLES = 'old.css'

/** The scripts of a page in their order, with what stands in their tags. */
const scriptsOf = (html: string): string[] => Array.from(html.matchAll(/<script\b([^>]*)>/g), ([, words]) => words!)

/** Everything that is wrong with the gate, in sentences. */
export function gateIsWrong({ html, files }: Built): string[] {
  const wrong: string[] = []
  const gate = files.get(GATE)?.toString('utf8')
  const page = files.get(PAGE)?.toString('utf8')
  if (gate === undefined || page === undefined) return [`${GATE} or ${PAGE} is not in what was built`]
  try {
    parse(gate, { ecmaVersion: 5, sourceType: 'script' })
  } catch (error) {
    wrong.push(`${GATE} is not ES5: ${(error as Error).message}`)
  }
  if (!gate.includes(`FLOOR = ${FLOOR}`)) wrong.push(`${GATE} has another floor than Chrome ${FLOOR}`)
  const [first] = scriptsOf(html)
  if (!first?.includes(`src="/${GATE}"`) || /type=|async|defer/.test(first)) wrong.push(`the first script of index.html is not ${GATE}, at once and plain`)
  const own = scriptsOf(page)
  if (own.length !== 1 || !own[0]!.includes(`src="/${GATE}"`)) wrong.push(`${PAGE} loads another script than ${GATE}`)
  const links = Array.from(page.matchAll(/<link\b([^>]*)>/g), ([, words]) => words!)
  if (links.some((words) => !words.includes(`href="/${STYLES}"`) || !files.has(STYLES))) wrong.push(`${PAGE} loads a style sheet other than ${STYLES}`)
  return wrong
}

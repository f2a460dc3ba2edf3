/** What a WebView at Chromium 87 cannot read. Parsed, not searched: a word inside a string is no syntax. */
import { parse, type Node } from 'acorn'
import { full } from 'acorn-walk'

/** A place in a script that Chromium 87 answers with a white screen. */
export interface TooNew {
  what: string
  at: number
}

/** The year whose grammar holds everything Chromium 87 reads; what it does not is found below. */
const YEAR = 2022

/** By node: what came after Chromium 87, with the version that brought it. */
const NEWER: Record<string, (node: never) => string | null> = {
  // https://caniuse.com/mdn-javascript_classes_static_initialization_blocks
  StaticBlock: () => 'static block in a class (Chrome 94)',
  BinaryExpression: (node: { operator: string; left: Node }) =>
    node.operator === 'in' && node.left.type === 'PrivateIdentifier' ? '#x in object (Chrome 91)' : null,
  Literal: (node: { regex?: { flags: string } }) =>
    /[dv]/.test(node.regex?.flags ?? '') ? `regular expression with flag ${node.regex?.flags} (Chrome 90, 112)` : null,
}

/** Everything too new in a script; a script that does not parse is too new as a whole. */
export function tooNew(script: string): TooNew[] {
  let tree: Node
  try {
    tree = parse(script, { ecmaVersion: YEAR, sourceType: 'module' })
  } catch (error) {
    const at = (error as { pos?: number }).pos ?? 0
    return [{ what: `does not parse as ES${YEAR}: ${(error as Error).message}`, at }]
  }
  const found: TooNew[] = []
  let inside = 0
  const functions: [number, number][] = []
  full(tree, (node) => {
    if (/Function/.test(node.type)) functions.push([node.start, node.end])
    const what = NEWER[node.type]?.(node as never)
    if (what) found.push({ what, at: node.start })
  })
  full(tree, (node) => {
    const waits = node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && (node as { await?: boolean }).await)
    inside = functions.filter(([start, end]) => start <= node.start && node.end <= end).length
    if (waits && inside === 0) found.push({ what: 'await outside a function (Chrome 89)', at: node.start })
  })
  return found
}

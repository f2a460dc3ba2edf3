/** Calls of what Chromium 87 does not have. Syntax is `syntax.ts`'s; a name alone, or one behind `?.`, does no harm. */
import { parse, type Node } from 'acorn'
import { full } from 'acorn-walk'
import { newGlobal, newMethod, newStatic } from './newer.ts'
import type { TooNew } from './syntax.ts'

/** Calls that stand in what was built and do no harm in an old WebView. Our own sources are held by `lib` of tsconfig. */
const HARMLESS: Record<string, string> = {
  'Object.hasOwn': 'ui/shared/src/old.ts brings it before anything else runs',
  'document.startViewTransition': 'the router asks first whether the document has it',
  toReversed: 'Vue hands it on from a reactive array; our sources cannot name it',
  toSorted: 'Vue hands it on from a reactive array; our sources cannot name it',
  toSpliced: 'Vue hands it on from a reactive array; our sources cannot name it',
  drop: 'what waits to be undone has a method of that name; our sources cannot name that of iterators',
  at: 'lists that are read in pages have a method of that name; our sources cannot name that of arrays',
  union: 'rectangles of the charts have a method of that name; our sources cannot name that of sets',
  dispose: 'the charts and their parts have a method of that name; our sources cannot name that of resources',
  resize: 'the charts and their layers have a method of that name; our sources cannot name that of buffers',
  selectRange: 'the data of a chart has a method of that name',
  toHex: 'the colour of a control has a method of that name; our sources cannot name that of bytes',
}

interface Call {
  callee: Node
  optional?: boolean
}
interface Member {
  object: Node & { name?: string; type: string }
  property: { name?: string }
  computed: boolean
}

/** Every call of something too new. */
export function newCalls(script: string): TooNew[] {
  const tree = parse(script, { ecmaVersion: 'latest', sourceType: 'module' })
  const own = declared(tree)
  const found: TooNew[] = []
  full(tree, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return
    const { callee, optional } = node as unknown as Call
    if (optional) return
    const call = callee.type === 'Identifier' ? ofGlobal((callee as unknown as { name: string }).name, own) : ofMember(callee, own)
    if (call && !(call.name in HARMLESS)) found.push({ what: `${call.name} (Chrome ${call.version})`, at: node.start })
  })
  return found
}

type Named = { name: string; version: number } | null

const named = (name: string, version: number | null): Named => (version === null ? null : { name, version })

function ofGlobal(name: string, own: Set<string>): Named {
  return own.has(name) ? null : named(name, newGlobal(name))
}

function ofMember(callee: Node, own: Set<string>): Named {
  if (callee.type !== 'MemberExpression') return null
  const { object, property, computed } = callee as unknown as Member
  if (computed || !property.name) return null
  const root = object.type === 'Identifier' && object.name && !own.has(object.name) ? object.name : null
  const known = root ? named(`${root}.${property.name}`, newStatic(root, property.name)) : null
  return known ?? named(property.name, newMethod(property.name))
}

/** Names that the script gives itself: a minified `run` or a library's own `Iterator` is no global. */
function declared(tree: Node): Set<string> {
  const names = new Set<string>()
  const pattern = (node: Node | null | undefined): void => {
    const each = node as unknown as Record<string, never> & { type?: string }
    if (!each?.type) return
    if (each.type === 'Identifier') names.add((each as unknown as { name: string }).name)
    for (const part of ['id', 'left', 'argument', 'value', 'local'] as const) if (each.type !== 'Property' || part === 'value') pattern(each[part])
    for (const part of ['elements', 'properties', 'params'] as const) for (const inner of (each[part] as Node[] | undefined) ?? []) pattern(inner)
  }
  full(tree, (node) => {
    const each = node as unknown as { id?: Node; params?: Node[]; local?: Node; param?: Node }
    if (/^(Function|Class|VariableDeclarator)/.test(node.type)) pattern(each.id)
    for (const param of each.params ?? []) pattern(param)
    if (/^Import.*Specifier$/.test(node.type)) pattern(each.local)
    if (node.type === 'CatchClause') pattern(each.param)
  })
  return names
}

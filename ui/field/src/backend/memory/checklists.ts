/** The real checklists, read from the domain's own files: a second copy would rot. For component tests only. */
import stall from '../../../../../crates/domain/checklists/td-6.toml?raw'
import restaurant from '../../../../../crates/domain/checklists/xcy-6.toml?raw'
import workshop from '../../../../../crates/domain/checklists/xzf-8.toml?raw'
import type { Checklist, Item } from '../types.ts'

/** The part of TOML that the checklists use: strings, numbers, arrays, inline tables, arrays of tables. */
function parse(text: string): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  let into = root
  for (const [, table, key, value] of text.matchAll(/^(?:\[\[(\w+)\]\]|(\w+) = ((?:\[\n[\s\S]*?^\])|.*))$/gm)) {
    if (table) {
      into = {}
      const rows = (root[table] ??= []) as unknown[]
      rows.push(into)
    } else if (key && value) {
      into[key] = JSON.parse(value.replace(/([{,]\s*)(\w+) = /g, '$1"$2": ').replace(/,(\s*[\]}])/g, '$1'))
    }
  }
  return root
}

function read(text: string): Checklist {
  const list = parse(text) as unknown as Checklist
  const items = list.items.map((item) => ({ ...item, readings: item.readings ?? [], licences: item.licences ?? [], phrases: item.phrases ?? [] }))
  return { ...list, items: items.map((item): Item => ({ ...item, basis_text: item.basis.map((each) => each.article).join('、') })) }
}

/** All three, by the kind of operator they check. */
export const checklists: Record<string, Checklist> = {
  stall: read(stall),
  small_restaurant: read(restaurant),
  workshop: read(workshop),
}

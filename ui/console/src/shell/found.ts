/** What the head's search box found, as one list to go through by arrow keys. */
import { operatorKindWords, word } from '@xunji/shared/words.ts'
import type { RouteLocationRaw } from 'vue-router'
import type { Found } from '../backend/types.ts'

/** One line. */
export interface Hit {
  key: string
  title: string
  beside: string
  to: RouteLocationRaw
}

/** A group with its heading. */
export interface HitGroup {
  label: string
  hits: Hit[]
}

const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join('，')

/** Groups in the order they are read in; an empty one has no heading. */
export function hitGroups(found: Found): HitGroup[] {
  const groups: HitGroup[] = [
    {
      label: '主体',
      hits: found.operators.map((o) => ({
        key: `o-${o.id}`, title: o.name, beside: joined(word(operatorKindWords, o.kind), o.place), to: { name: 'operator', params: { id: o.id } },
      })),
    },
    {
      label: '检查记录',
      hits: found.records.map((r) => ({
        key: `r-${r.id}`, title: r.record_no, beside: joined(r.operator_name, r.day, r.state_text), to: { name: 'record', params: { id: r.id } },
      })),
    },
    {
      label: '检查员',
      hits: found.inspectors.map((i) => ({
        key: `i-${i.id}`, title: i.name, beside: joined(i.station_name, `${i.records} 份记录`), to: { name: 'records', query: { inspector: i.id, of: `检查员 ${i.name}` } },
      })),
    },
  ]
  return groups.filter((group) => group.hits.length > 0)
}

/** A list's filter lives in the address, so that every number can open its list and a list can be passed on. */
import type { LocationQuery, RouteLocationRaw } from 'vue-router'
import type { ListQuery } from '../backend/types.ts'

export const OPERATOR_KEYS = ['query', 'station', 'kind', 'status', 'market', 'licence', 'visited', 'from', 'to'] as const
export const RECORD_KEYS = [
  'query', 'station', 'operator', 'inspector', 'market', 'kind', 'from', 'to', 'state', 'conclusion', 'grade', 'section', 'item', 'severity', 'answer', 'party', 'follow',
] as const

/** The known parameters of an address; what is empty or unknown does not narrow. */
export function filterOf<K extends string>(query: LocationQuery, keys: readonly K[]): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {}
  for (const key of keys) {
    const value = query[key]
    if (typeof value === 'string' && value !== '') found[key] = value
  }
  return found
}

/** The page of an address, from 1. */
export function pageOf(query: LocationQuery): number {
  const page = Number(query['page'])
  return Number.isInteger(page) && page > 0 ? page : 1
}

/** Where a number leads: exactly the rows it counts, with its name at the head of the list. */
export function listTarget(list: ListQuery, of: string): RouteLocationRaw {
  return { name: list.of, query: { ...list.params, of } }
}

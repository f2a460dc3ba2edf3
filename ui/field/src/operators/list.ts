/** The list of operators: what was asked for stays while the app runs, so that back finds it again. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { backend } from '../backend/backend.ts'
import type { Answers } from '../backend/commands.ts'
import type { OperatorKind, OperatorRow } from '../backend/types.ts'
import { usePages } from '../parts/pages.ts'

export const useOperatorList = defineStore('operators', () => {
  const query = ref('')
  /** The query is typed on nine keys and names initials. */
  const keypad = ref(false)
  const kind = ref<OperatorKind | null>(null)
  const nextKeys = ref('')

  function ask(limit: number, offset: number): Promise<Answers['operators']> {
    return backend().call({
      cmd: 'operators',
      query: query.value.trim(),
      ...(keypad.value ? { keypad: true } : {}),
      ...(kind.value ? { kind: kind.value } : {}),
      limit,
      offset,
    })
  }
  const pages = usePages<OperatorRow, Answers['operators']>(ask, (page) => (nextKeys.value = page.next_keys))
  return { query, keypad, kind, nextKeys, ...pages }
})

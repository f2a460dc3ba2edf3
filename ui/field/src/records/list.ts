/** The list of records: which of them are shown stays while the app runs, so that back finds it again. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { backend } from '../backend/backend.ts'
import type { Answers } from '../backend/commands.ts'
import type { RecordRow } from '../backend/types.ts'
import { usePages } from '../parts/pages.ts'

export const FILTERS = [
  { key: 'all', label: '全部', none: '还没有检查记录' },
  { key: 'unsent', label: '待交', none: '没有待交的记录' },
  { key: 'returned', label: '退回', none: '没有退回的记录' },
] as const

export const useRecordList = defineStore('records', () => {
  const chosen = ref<(typeof FILTERS)[number]['key']>('all')
  const pages = usePages<RecordRow, Answers['records']>((limit, offset) =>
    backend().call({ cmd: 'records', filter: chosen.value, limit, offset }),
  )
  return { chosen, ...pages }
})

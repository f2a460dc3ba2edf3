/** Which records are listed; stays while the app runs. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const FILTERS = [
  { key: 'all', label: '全部', none: '还没有检查记录' },
  { key: 'unsent', label: '待交', none: '没有待交的记录' },
  { key: 'returned', label: '退回', none: '没有退回的记录' },
] as const

export const useRecordFilter = defineStore('record-filter', () => {
  const chosen = ref<(typeof FILTERS)[number]['key']>('all')
  return { chosen }
})

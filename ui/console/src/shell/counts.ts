/** The figures in the side menu. A count that cannot be read is left out, never shown as 0. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { conflicts, queue } from '../backend/console.ts'

export const useCounts = defineStore('counts', () => {
  const pending = ref<number | null>(null)
  const open = ref<number | null>(null)

  async function refresh(): Promise<void> {
    const [list, found] = await Promise.all([
      queue({ state: 'pending' }).catch(() => null),
      conflicts().catch(() => null),
    ])
    pending.value = list?.rows.length ?? null
    open.value = found?.length ?? null
  }

  return { pending, open, refresh }
})

/** The figures in the side menu. A count that cannot be read is left out, never shown as 0. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { conflicts } from '../backend/console.ts'
import { useLive } from './live.ts'

export const useCounts = defineStore('counts', () => {
  const live = useLive()
  const pending = computed(() => live.pending)
  const open = ref<number | null>(null)

  async function refresh(): Promise<void> {
    open.value = (await conflicts().catch(() => null))?.rows.length ?? null
  }

  return { pending, open, refresh }
})

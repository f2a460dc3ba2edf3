/** The figures in the side menu. A count that cannot be read is left out, never shown as 0. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { conflicts, held as heldBack } from '../backend/console.ts'
import { useLive } from './live.ts'

export const useCounts = defineStore('counts', () => {
  const live = useLive()
  const pending = computed(() => live.pending)
  const open = ref<number | null>(null)
  const held = ref<number | null>(null)

  async function refresh(): Promise<void> {
    const [cases, back] = await Promise.all([conflicts().catch(() => null), heldBack('open').catch(() => null)])
    open.value = cases?.rows?.length ?? null
    held.value = back?.waiting ?? null
  }

  return { pending, open, held, refresh }
})

/** The figures of a period, asked for anew when period, station or kind change. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { statistics } from '../backend/console.ts'
import type { Statistics } from '../backend/types.ts'
import { daysOf, PERIODS, type Period } from './period.ts'

export function useStatistics(today: string) {
  const route = useRoute()
  const router = useRouter()
  const figures = ref<Statistics | null>(null)
  const failed = ref('')
  let asked = 0

  /** One parameter of the address. */
  const kept = (key: string, fallback = '') => computed({
    get: () => (typeof route.query[key] === 'string' ? route.query[key] : fallback),
    set: (value: string) => void router.replace({ query: { ...route.query, [key]: value === fallback ? undefined : value } }),
  })
  const named = kept('period', 'weeks')
  const period = computed<Period>({
    get: () => PERIODS.find((one) => one.period === named.value)?.period ?? 'weeks',
    set: (value) => (named.value = value),
  })
  const station = kept('station')
  const kind = kept('kind')

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const answer = await statistics({ ...daysOf(period.value, today), station: station.value, kind: kind.value })
      if (mine !== asked) return
      figures.value = answer
      failed.value = ''
    } catch (error) {
      if (mine === asked) failed.value = sentenceOf(error)
    }
  }

  watch([period, station, kind], load, { immediate: true })

  return { figures, failed, period, station, kind, load }
}

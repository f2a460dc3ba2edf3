/** The versions of a day and the pages on show. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { computed, ref, type Ref } from 'vue'
import { drawPreview, makeReport, pageUrl, previewUrl, reports } from '../backend/console.ts'
import type { ReportDay, ReportVersion } from '../backend/types.ts'

export function useReports(station: Ref<string>, day: Ref<string>) {
  const about = ref<ReportDay | null>(null)
  const selectedId = ref<string | null>(null)
  const drawn = ref<{ pages: number; at: number } | null>(null)
  const failed = ref('')
  const busy = ref(false)

  const selected = computed(() => about.value?.versions.find((v) => v.id === selectedId.value) ?? null)
  const pages = computed<string[]>(() => {
    const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
    const now = drawn.value
    if (now) return numbers(now.pages).map((n) => previewUrl(station.value, day.value, n, now.at))
    const version = selected.value
    return version ? numbers(version.pages).map((n) => pageUrl(version.id, n)) : []
  })
  const title = computed(() => {
    if (drawn.value) return '预览，还没有出版'
    return selected.value ? (selected.value.number ?? versionText(selected.value)) : ''
  })

  async function guarded(act: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    failed.value = ''
    try {
      await act()
    } catch (error) {
      failed.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
  }

  async function read(): Promise<void> {
    about.value = await reports(station.value, day.value)
  }

  const load = () => guarded(async () => {
    drawn.value = null
    await read()
    selectedId.value = about.value?.versions.slice(-1)[0]?.id ?? null
  })

  const make = () => guarded(async () => {
    const made = await makeReport(station.value, day.value)
    await read()
    drawn.value = null
    selectedId.value = made.id
  })

  const preview = () => guarded(async () => {
    const answer = await drawPreview(station.value, day.value)
    drawn.value = { pages: answer.pages, at: Date.now() }
  })

  function select(id: string): void {
    drawn.value = null
    selectedId.value = id
  }

  return { about, selected, pages, title, failed, busy, load, make, preview, select }
}

/** 第 1 版, 补充汇总第 2 版. */
export function versionText(version: ReportVersion): string {
  return version.version === 1 ? '第 1 版' : `补充汇总第 ${version.version} 版`
}

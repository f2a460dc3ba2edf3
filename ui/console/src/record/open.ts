/** The opened record and what is done with it. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { computed, reactive, ref, type Ref } from 'vue'
import * as server from '../backend/console.ts'
import type { RecordPage } from '../backend/types.ts'

/** Loads a record and keeps the items chosen for sending back, each with its reason. */
export function useRecord(id: Ref<string>) {
  const page = ref<RecordPage | null>(null)
  const failed = ref('')
  const busy = ref(false)
  /** What the last act did, for the line under the head. */
  const done = ref('')
  const chosen = reactive(new Map<string, string>())
  const complete = computed(() => chosen.size > 0 && [...chosen.values()].every((reason) => reason.trim() !== ''))

  async function load(): Promise<void> {
    try {
      page.value = await server.record(id.value)
      failed.value = ''
    } catch (error) {
      page.value = null
      failed.value = sentenceOf(error)
    }
  }

  function forget(): void {
    page.value = null
    chosen.clear()
    done.value = ''
    failed.value = ''
  }

  async function act(what: (page: RecordPage) => Promise<unknown>, said: string): Promise<void> {
    if (!page.value || busy.value) return
    busy.value = true
    failed.value = ''
    try {
      await what(page.value)
      chosen.clear()
      done.value = said
      await load()
    } catch (error) {
      failed.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
  }

  const approve = () => act((p) => server.approve(p.summary.id, p.summary.version), '已通过')
  const sendBack = () => {
    const items = [...chosen].map(([item, reason]) => ({ item, reason: reason.trim() }))
    return act((p) => server.sendBack(p.summary.id, p.summary.version, items), `已退回 ${items.length} 项，手机下次联网后收到`)
  }

  function toggle(item: string): void {
    if (!chosen.delete(item)) chosen.set(item, '')
  }

  return { page, failed, busy, done, chosen, complete, load, forget, approve, sendBack, toggle }
}

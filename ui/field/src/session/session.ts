/** Who holds the phone today, and what the core says about itself. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { backend } from '../backend/backend.ts'
import { asCoded, sentenceOf } from '@xunji/shared/errors.ts'
import type { HandedIn, Keyless, PersonView, Status } from '../backend/types.ts'
import { say } from '../parts/said.ts'

export const useSession = defineStore('session', () => {
  const status = ref<Status | null>(null)
  /** How far the sending is where the data are of a newer program; `null` where they are not. */
  const newer = ref<HandedIn | null>(null)
  /** The key of the data is gone: what the core says, and the number of the phone where it is known. */
  const keyless = ref<Keyless | null>(null)
  const demo = computed(() => status.value?.demo ?? false)
  const inspectors = computed<PersonView[]>(() => status.value?.inspectors ?? [])
  const today = computed(() => status.value?.today.date ?? '')

  /** Asks the core anew; says so where it does not answer. */
  async function load(): Promise<Status | null> {
    try {
      status.value = await backend().call({ cmd: 'status' })
      newer.value = null
      keyless.value = null
    } catch (error) {
      const { code, params } = asCoded(error)
      if (code === 'store_newer') newer.value = params as HandedIn
      else if (code === 'key_missing') keyless.value = { sentence: sentenceOf(error), phone: (params as { phone?: string | null } | null)?.phone ?? null }
      else say(error)
    }
    return status.value
  }

  /** Puts these two into the head of 今日. */
  async function setInspectors(ids: string[]): Promise<void> {
    const chosen = await backend().call({ cmd: 'set_inspectors', ids })
    if (status.value) status.value = { ...status.value, inspectors: chosen }
  }

  /** Enrols this phone for a station. */
  async function enrol(serverUrl: string, code: string): Promise<void> {
    status.value = await backend().call({ cmd: 'enrol', server_url: serverUrl, code })
  }

  /** Begins a new, empty file of records after the damaged one was moved aside. */
  async function beginNewLocal(): Promise<void> {
    status.value = await backend().call({ cmd: 'begin_new_local' })
  }

  /** Opens the data with the key that the bureau read out. */
  async function enterKey(code: string): Promise<void> {
    status.value = await backend().call({ cmd: 'enter_key', code })
    keyless.value = null
  }

  return { status, newer, keyless, demo, inspectors, today, load, setInspectors, enrol, beginNewLocal, enterKey }
})

/** Who is signed in. The session itself is a cookie that scripts cannot read. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as console from '../backend/console.ts'
import type { Me } from '../backend/types.ts'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)

  async function signIn(account: string, password: string): Promise<void> {
    me.value = await console.signIn(account, password)
  }

  /** Takes up the session of an earlier visit; false when there is none. */
  async function resume(): Promise<boolean> {
    me.value = await console.me().catch(() => null)
    return me.value !== null
  }

  async function signOut(): Promise<void> {
    await console.signOut().catch(() => undefined)
    me.value = null
  }

  function forget(): void {
    me.value = null
  }

  return { me, signIn, resume, signOut, forget }
})

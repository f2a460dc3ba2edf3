/** The backend of the real window. The only file that names Tauri. */
import { convertFileSrc, invoke, type InvokeArgs } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Backend } from './backend.ts'
import { shellBackend } from './shell.ts'

/** Talks to the shell through Tauri. */
export function tauriBackend(): Backend {
  return shellBackend({
    invoke: (command, body, headers) => invoke(command, body as InvokeArgs, ...(headers ? [{ headers }] : [])),
    pictureUrl: (photo, rendition) => convertFileSrc(`${photo}/${rendition}`, 'photo'),
    onChanged(listener) {
      const stop = listen('changed', listener)
      return () => void stop.then((end) => end())
    },
  })
}

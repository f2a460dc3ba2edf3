/** The backend of the real window. The only file that names Tauri. */
import { convertFileSrc, invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Backend } from './backend.ts'
import type { Answers } from './commands.ts'

/** Large enough to be quick, small enough for the bridge of a cheap phone. */
const CHUNK_BYTES = 512 * 1024

/** Hands a file over in pieces; the shell appends them in the app's own camera folder and then takes it over. */
async function sendPhoto(photo: string, file: Blob): Promise<Answers['take_over']> {
  let answer: unknown = null
  let offset = 0
  do {
    const end = Math.min(offset + CHUNK_BYTES, file.size)
    const bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer())
    const headers = { 'x-photo': photo, 'x-offset': String(offset), 'x-last': end === file.size ? '1' : '0' }
    answer = await invoke('photo_chunk', bytes, { headers })
    offset = end
  } while (offset < file.size)
  return answer as Answers['take_over']
}

/** Talks to the shell around the device core. */
export function tauriBackend(): Backend {
  return {
    call: (command) => invoke('call', { cmd: command }),
    photoUrl: (photo, rendition) => convertFileSrc(`${photo}/${rendition}`, 'photo'),
    sendPhoto,
    onChanged(listener) {
      const stop = listen('changed', listener)
      return () => void stop.then((end) => end())
    },
  }
}

/** The backend over a shell around the device core, whatever carries its three commands, its pictures and its one event. */
import type { Backend, Rendition } from './backend.ts'
import type { Answers } from './commands.ts'

/** What carries words and bytes to the shell. */
export interface Wire {
  /** Runs one of the shell's three commands. Rejects with a coded error. */
  invoke<T>(command: 'call' | 'photo_chunk' | 'take_photo', body: unknown, headers?: Record<string, string>): Promise<T>
  /** Where a picture of the core is found. */
  pictureUrl(photo: string, rendition: Rendition): string
  /** Calls back at the shell's one event. Answers how to stop. */
  onChanged(listener: () => void): () => void
}

/** Android's bridge carries text alone, through a queue that small pieces do not block; elsewhere bytes go as they are. */
const TEXT_BRIDGE = /Android/.test(navigator.userAgent)
const CHUNK_BYTES = TEXT_BRIDGE ? 72 * 1024 : 512 * 1024

/** How Android's shell names the file it lends the system's camera. */
const CAPTURE = /^JPEG_[\d_-]+\.jpg$/

/** The text after the comma of a data address: the reader is native code, a loop over bytes is not. */
function asText(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(piece)
  })
}

/** Hands a file over in pieces; the shell puts them together and then takes the whole over. */
async function sendPieces({ invoke }: Wire, photo: string, file: Blob, imported: boolean): Promise<Answers['take_over']> {
  let answer: unknown = null
  let offset = 0
  do {
    const end = Math.min(offset + CHUNK_BYTES, file.size)
    const piece = file.slice(offset, end)
    const body = TEXT_BRIDGE ? { base64: await asText(piece) } : new Uint8Array(await piece.arrayBuffer())
    const last = end === file.size ? '1' : '0'
    const headers = { 'x-photo': photo, 'x-offset': String(offset), 'x-last': last, 'x-imported': imported ? '1' : '0' }
    answer = await invoke('photo_chunk', body, headers)
    offset = end
  } while (offset < file.size)
  return answer as Answers['take_over']
}

/** By name where the camera wrote into the app's own folder: no bytes pass the bridge. Else in pieces. */
async function sendPhoto(wire: Wire, photo: string, file: Blob, imported: boolean): Promise<Answers['take_over']> {
  const name = file instanceof File ? file.name : ''
  if (CAPTURE.test(name) && !imported) {
    try {
      return await wire.invoke('call', { cmd: { cmd: 'take_named', photo, name, size: file.size } })
    } catch (error) {
      if ((error as { code?: string }).code !== 'photo_elsewhere') throw error
    }
  }
  return sendPieces(wire, photo, file, imported)
}

/** Talks to the shell around the device core. */
export function shellBackend(wire: Wire): Backend {
  return {
    call: (command) => wire.invoke('call', { cmd: command }),
    photoUrl: wire.pictureUrl,
    takePhoto: (photo) => wire.invoke('take_photo', { photo }),
    sendPhoto: (photo, file, imported = false) => sendPhoto(wire, photo, file, imported),
    onChanged: wire.onChanged,
  }
}

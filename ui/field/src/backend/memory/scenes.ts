/** States a page can be in, chosen by the address in the development server: `?scene=empty`, `?scene=failing`, `?rows=20000`. */

const SCENES = ['full', 'empty', 'failing', 'waiting', 'new', 'lost', 'newer', 'keyless'] as const

/** What the backend in memory plays. */
export interface Scene {
  /** `full`, `empty` (nothing was downloaded), `failing` (nothing can be read), `waiting` (nothing answers), `new` (not enrolled), `lost` (the file was damaged), `newer` (the file is of a newer program), `keyless` (its key is gone). */
  scene: (typeof SCENES)[number]
  /** Operators in the register. */
  rows: number
  /** Records beside those that are told of. */
  records: number
  /** Inspectors are chosen and an inspection is under way. */
  begun: boolean
  /** Photos in 待归位. */
  lost: number
  /** Drafts of other phones are on offer. */
  offered: boolean
}

/** The scene of an address; all of it is a matter of the development server. */
export function sceneOf(search: string): Scene {
  const asked = new URLSearchParams(search)
  const scene = SCENES.find((each) => each === asked.get('scene')) ?? 'full'
  return {
    scene,
    rows: Number(asked.get('rows') ?? 0),
    records: Number(asked.get('records') ?? 0),
    begun: asked.has('begun'),
    lost: Number(asked.get('lost') ?? 0),
    offered: asked.has('offered'),
  }
}

/** The scene, kept while the window is open: pages change their address. */
export function keptScene(): Partial<Scene> {
  if (typeof location === 'undefined' || !location.search) return stored()
  const scene = sceneOf(location.search)
  sessionStorage.setItem('scene', JSON.stringify(scene))
  return scene
}

function stored(): Partial<Scene> {
  const text = typeof sessionStorage === 'undefined' ? null : sessionStorage.getItem('scene')
  return text ? (JSON.parse(text) as Scene) : {}
}

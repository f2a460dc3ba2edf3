/** The outlines of both faces: 24 by 24, stroked with the colour of the text. */
export const iconPaths = {
  back: '<path d="M15 5l-7 7 7 7"/>',
  box: '<path d="M3.5 7.5L12 3l8.5 4.5v9L12 21l-8.5-4.5z"/><path d="M3.5 7.5L12 12l8.5-4.5M12 12v9"/>',
  calendar: '<rect x="4" y="5" width="16" height="15" rx="1.5"/><path d="M4 9.5h16M8 3v4M16 3v4"/><path d="M9 14.5l2 2 4-4"/>',
  camera: '<path d="M4 8h3.2l1.6-2.6h6.4L16.8 8H20a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z"/><circle cx="12" cy="13.4" r="3.6"/>',
  check: '<path d="M4.5 12.5l5 5L19.5 7"/>',
  clipboard: '<rect x="5" y="4.5" width="14" height="16.5" rx="1.5"/><path d="M9 3h6v3.5H9zM9 13l2.2 2.2L15.5 11"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.5 2"/>',
  cross: '<path d="M6 6l12 12M18 6L6 18"/>',
  dash: '<path d="M5 12h14"/>',
  document: '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>',
  down: '<path d="M5 9l7 7 7-7"/>',
  flag: '<path d="M5.5 21V4h12l-2.5 4 2.5 4h-12"/>',
  list: '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"/>',
  lock: '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
  next: '<path d="M9 5l7 7-7 7"/>',
  noSignal: '<path d="M4 20v-3M9 20v-6M14 20v-2.5M19 20V5M4 4l16 16"/>',
  pen: '<path d="M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19z"/><path d="M14 6.5l3.5 3.5"/>',
  phone: '<path d="M6 3.5h3.5l1.5 4.5-2.2 1.7a12 12 0 0 0 5.5 5.5L16 13l4.5 1.5V18a2.5 2.5 0 0 1-2.7 2.500C10.5 20 4 13.5 3.5 6.200A2.5 2.5 0 0 1 6 3.500z"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  return: '<path d="M8 5L3.5 9.5 8 14"/><path d="M3.5 9.500H14a6 6 0 0 1 0 11h-4"/>',
  search: '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>',
  shield: '<path d="M12 3l7.5 2.800v5.700c0 4.7-3.2 7.9-7.5 9.5-4.3-1.6-7.5-4.8-7.5-9.500V5.800z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>',
  signal: '<path d="M4.5 20v-3M9.5 20v-6M14.5 20v-10M19.5 20V5"/>',
  stall: '<path d="M3.5 9.500L5.5 4h13l2 5.500z"/><path d="M3.5 9.500a2.8 2.8 0 0 0 5.6 0 2.9 2.9 0 0 0 5.8 0 2.8 2.8 0 0 0 5.6 0"/><path d="M5 13v7.500h14V13"/>',
  sync: '<path d="M4.5 10a8 8 0 0 1 14-3l1.5 2M19.5 14a8 8 0 0 1-14 3L4 15"/><path d="M20 4v5h-5M4 20v-5h5"/>',
  user: '<circle cx="12" cy="8" r="4"/><path d="M4 21c.8-4.5 4-6.5 8-6.500s7.2 2 8 6.5"/>',
  users: '<circle cx="9" cy="8" r="3.6"/><path d="M2.5 20.500c.7-4 3.3-5.8 6.5-5.800s5.8 1.8 6.5 5.8"/><path d="M15.5 4.800a3.6 3.6 0 0 1 0 6.400M17.5 15c2.2.7 3.6 2.5 4 5.5"/>',
  warn: '<path d="M12 3.500l9.3 16.500H2.700z"/><path d="M12 10v4.500M12 17.300v.1"/>',
} as const

/** An icon's name. */
export type IconName = keyof typeof iconPaths

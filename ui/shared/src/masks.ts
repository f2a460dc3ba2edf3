/** How personal numbers are shown. A mask changes the view, never the value; prints are masked by the server. */

/** `138****0016`; what is not a mobile number is shortened the same way, and what is too short is all stars. */
export function maskedPhone(phone: string): string {
  return masked(phone, 3, 4)
}

/** `379921********0016`. */
export function maskedId(number: string): string {
  return masked(number, 6, 4)
}

function masked(text: string, head: number, tail: number): string {
  const letters = Array.from(text)
  const hidden = letters.length - head - tail
  if (hidden < 1) return '*'.repeat(letters.length)
  return letters.slice(0, head).join('') + '*'.repeat(hidden) + letters.slice(-tail).join('')
}

/** `138 0000 0016`, for reading aloud; anything else as it is. */
export function phoneText(phone: string): string {
  return /^1\d{10}$/.test(phone) ? phone.replace(/^(\d{3})(\d{4})/, '$1 $2 ') : phone
}

/** `92 379921 MA3DEM019 6`: a unified social credit code in the parts that people compare; anything else as it is. */
export function creditCodeParts(code: string): string[] {
  return code.length === 18 ? [code.slice(0, 2), code.slice(2, 8), code.slice(8, 17), code.slice(17)] : [code]
}

/** What libraries use and a WebView at Chromium 87 does not have. Imported before anything else. */

interface Target {
  hasOwn?: (object: object, key: PropertyKey) => boolean
}

const target = Object as Target
target.hasOwn ??= (object, key) => Object.prototype.hasOwnProperty.call(object, key)

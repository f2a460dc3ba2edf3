/* Sends a phone whose WebView is too old to a page that says what to do, instead of a white screen.
   ES5, and loaded before everything else: this and old.html are all that such a WebView may have to read.
   The user agent tells the truth; the version of the WebView's package does not (Huawei counts its own). */
(function () {
  var FLOOR = 87
  var chrome = /\bChrome\/(\d+)/.exec(navigator.userAgent)
  var here = document.getElementById('webview')
  if (here) {
    here.textContent = chrome ? chrome[1] : '?'
    document.getElementById('agent').textContent = navigator.userAgent
  } else if (chrome && Number(chrome[1]) < FLOOR) {
    location.replace('/old.html')
  }
})()

/* Sends a browser that is too old to a page that says what to do, instead of a white screen: Internet Explorer, the
   "compatible" way of double-engine browsers, and any Chromium below the floor.
   ES5, and loaded before everything else: this and old.html are all that such a browser may have to read. */
(function () {
  var FLOOR = 87
  var agent = navigator.userAgent
  var chrome = /\bChrome\/(\d+)/.exec(agent)
  var explorer = /\b(MSIE |Trident\/)/.test(agent)
  var here = document.getElementById('browser')
  if (here) {
    here.textContent = explorer ? 'IE 内核（兼容模式）' : chrome ? 'Chrome 内核 ' + chrome[1] + ' 版' : '认不出的浏览器'
    document.getElementById('agent').textContent = agent
  } else if (explorer || (chrome && Number(chrome[1]) < FLOOR)) {
    location.replace('/old.html')
  }
})()

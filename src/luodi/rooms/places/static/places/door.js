/* A door's page that could not refresh for a while says so. ES2019; without this file the browser reloads. */
(function () {
  "use strict";
  var last = Date.now(), stale = document.getElementById("stale");
  function seconds() { return Number(document.getElementById("door").getAttribute("data-seconds")) || 60; }
  document.body.addEventListener("htmx:afterSwap", function () { last = Date.now(); stale.hidden = true; });
  setInterval(function () { stale.hidden = Date.now() - last < 2500 * seconds(); }, 5000);
})();

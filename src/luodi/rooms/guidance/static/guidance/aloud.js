/* Reads the page aloud where the browser can: a button that only a script can offer. */
(function () {
  "use strict";
  var main = document.getElementById("main");
  if (!main || !window.speechSynthesis || !window.SpeechSynthesisUtterance) { return; }
  var button = document.createElement("button");
  var label = main.getAttribute("data-aloud-label"), stop = main.getAttribute("data-aloud-stop");
  button.type = "button";
  button.className = "btn btn-outline-secondary guide-aloud no-print";
  button.textContent = label;
  main.insertBefore(button, main.firstChild);

  function words() {
    var said = [];
    var parts = main.querySelectorAll("h1, h2, p, li, dt, dd, .guide-way, .guide-note");
    for (var i = 0; i < parts.length; i += 1) {
      if (!parts[i].closest("footer") && !parts[i].querySelector("li, p")) { said.push(parts[i].innerText.trim()); }
    }
    return said.filter(Boolean);
  }
  function silent() { window.speechSynthesis.cancel(); button.textContent = label; }
  button.onclick = function () {
    if (window.speechSynthesis.speaking) { silent(); return; }
    var all = words(), lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
    all.forEach(function (text, place) {
      var one = new window.SpeechSynthesisUtterance(text);
      one.lang = lang;
      one.rate = 0.9;
      if (place === all.length - 1) { one.onend = silent; }
      window.speechSynthesis.speak(one);
    });
    button.textContent = stop;
  };
  window.addEventListener("pagehide", function () { window.speechSynthesis.cancel(); });
}());

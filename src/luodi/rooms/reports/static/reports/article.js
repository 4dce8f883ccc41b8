/* Copies the article with its styles and pictures; without this file one downloads it. ES2019. */
(function () {
  "use strict";
  var button = document.querySelector("[data-copy]"), html = null;
  if (!button || !document.queryCommandSupported || !document.queryCommandSupported("copy")) return;
  // fetched beforehand: a browser lets one copy only at the click itself
  fetch(button.getAttribute("data-copy"), { credentials: "same-origin" }).then(function (answer) {
    return answer.ok ? answer.text() : null;
  }).then(function (text) {
    html = text;
    button.hidden = html === null;
  });
  document.addEventListener("copy", function (event) {
    if (document.activeElement !== button || html === null) return;
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", html.replace(/<\/(p|tr)>/g, "\n").replace(/<[^>]*>/g, ""));
    event.preventDefault();
  });
  button.addEventListener("click", function () {
    button.focus();
    if (document.execCommand("copy")) button.textContent = button.getAttribute("data-done");
  });
})();

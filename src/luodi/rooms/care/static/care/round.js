/* The round without network: what is written is kept on this phone until it arrives, once.
   Queued are acts, observations and notes; doses, handovers and incidents never. */
(function () {
  "use strict";
  var box = document.getElementById("care-offline");
  if (!box) return;
  var account = document.body.dataset.account;
  var KEY = "care-queue-" + account;
  var token = document.querySelector("[name=csrfmiddlewaretoken]");
  var memory = [];

  function read() {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch (e) { return memory; }
  }
  function write(rows) {
    memory = rows;
    try { localStorage.setItem(KEY, JSON.stringify(rows)); } catch (e) { /* kept on the page only */ }
    var waiting = document.getElementById("care-waiting");
    waiting.textContent = rows.length ? rows.length + " …" : "";
  }
  function id() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return ("0" + x.toString(16)).slice(-2); }).join("");
    return h.slice(0, 8) + "-" + h.slice(8, 12) + "-" + h.slice(12, 16) + "-" + h.slice(16, 20) + "-" + h.slice(20);
  }
  function online(yes) {
    box.hidden = yes;
    Array.prototype.forEach.call(document.querySelectorAll("[data-paper] button, a[data-paper], [data-paper] a"), function (one) {
      if (yes) { one.removeAttribute("aria-disabled"); one.disabled = false; }
      else { one.setAttribute("aria-disabled", "true"); one.disabled = true; }
    });
  }
  function done(form) {
    var line = form.closest(".care-line") || form;
    line.classList.add("care-queued");
    Array.prototype.forEach.call(form.querySelectorAll("button"), function (one) { one.disabled = true; });
    if (form.dataset.queue === "note") { form.reset(); Array.prototype.forEach.call(form.querySelectorAll("button"), function (one) { one.disabled = false; }); line.classList.remove("care-queued"); }
  }
  var sending = false;
  function send() {
    var rows = read();
    if (sending || !rows.length || !token) return;
    sending = true;
    fetch(box.dataset.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ now: new Date().toISOString(), items: rows })
    }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (said) {
      var arrived = {};
      said.items.forEach(function (one) { arrived[one.id] = one; });
      write(read().filter(function (one) { return !arrived[one.id]; }));
      var refused = said.items.filter(function (one) { return one.error; });
      if (refused.length) {
        var list = document.createElement("div");
        list.className = "alert alert-danger"; list.setAttribute("role", "alert");
        refused.forEach(function (one) { var p = document.createElement("div"); p.textContent = one.error + (one.text ? " " + one.text : ""); list.appendChild(p); });
        box.parentNode.insertBefore(list, box);
      }
      online(true);
    }).catch(function () { online(navigator.onLine); }).then(function () { sending = false; });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset || !form.dataset.queue || navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    var person = form.closest("[data-resident]");
    var rows = read();
    var at = new Date().toISOString();
    if (form.dataset.queue === "note") rows.push({ id: id(), kind: "note", at: at, resident: Number(person.dataset.resident), text: form.elements.text.value });
    else if (form.dataset.queue === "act") rows.push({ id: id(), kind: "act", at: at, due: Number(form.closest("[data-due]").dataset.due) });
    else Array.prototype.forEach.call(form.querySelectorAll("input[name=due]:checked"), function (one) { rows.push({ id: id(), kind: "act", at: at, due: Number(one.value), routine: true }); });
    write(rows);
    done(form);
  }, true);
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[aria-disabled=true]");
    if (link) event.preventDefault();
  });
  Array.prototype.forEach.call(document.querySelectorAll("[data-fresh]"), function (one) { one.value = id(); });
  window.addEventListener("online", function () { online(true); send(); });
  window.addEventListener("offline", function () { online(false); });
  write(read());
  online(navigator.onLine);
  send();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(box.dataset.worker, { scope: location.pathname }).catch(function () {});
})();

/* Conveniences only: every page works without this file. ES2019. */
(function () {
  "use strict";
  var english = document.documentElement.lang === "en";
  function say(chinese, translation) { return english ? translation : chinese; }
  function each(selector, action) { Array.prototype.forEach.call(document.querySelectorAll(selector), action); }

  function note(text, tone, before) {
    var old = document.querySelector(".note-js");
    if (old) old.remove();
    var box = document.createElement("div");
    box.className = "note-js alert alert-" + tone;
    box.setAttribute("role", "alert");
    box.textContent = text;
    (before ? before.parentNode : document.querySelector("main")).insertBefore(box, before || document.querySelector("main").firstChild);
    box.scrollIntoView({ block: "nearest" });
    return box;
  }

  /* --- what was typed is kept until the server has answered ------------------------------- */
  var drafts = "luodi.draft:", account = document.body.getAttribute("data-account") || "";
  var prefix = drafts + account + ":";
  // By where it is sent to: after signing in again one finds the form there, whatever page it was on.
  function keyOf(form) { return prefix + new URL(form.getAttribute("action") || location.href, location.href).pathname; }
  function kept(field) {
    return field.name && field.name[0] !== "_" && field.name !== "csrfmiddlewaretoken" &&
      ["password", "file", "hidden", "submit", "button"].indexOf(field.type) < 0;
  }
  function values(form) {
    var found = [];
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!kept(field)) return;
      var box = field.type === "checkbox" || field.type === "radio";
      if (field.type === "select-multiple") {
        Array.prototype.forEach.call(field.options, function (o) { if (o.selected) found.push([field.name, o.value]); });
      } else if (!box || field.checked) found.push([field.name, field.value]);
    });
    return JSON.stringify(found);
  }
  function fill(form, stored) {
    var wanted = JSON.parse(stored);
    function has(name, value) { return wanted.some(function (p) { return p[0] === name && p[1] === value; }); }
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!kept(field)) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = has(field.name, field.value);
      else if (field.type === "select-multiple") Array.prototype.forEach.call(field.options, function (o) { o.selected = has(field.name, o.value); });
      else { var pair = wanted.find(function (p) { return p[0] === field.name; }); if (pair) field.value = pair[1]; }
    });
  }
  function store(key, value) {
    try { if (value === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, value); } catch (full) { /* private mode */ }
  }
  // Who signs out leaves no draft behind; who signs in finds none of anybody else.
  function forget(except) {
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.indexOf(drafts) === 0 && (!except || key.indexOf(except) !== 0)) store(key, null);
      });
    } catch (blocked) { /* private mode */ }
  }
  function stored(key) { try { return sessionStorage.getItem(key); } catch (blocked) { return null; } }

  function keep(form) {
    if (form.luodiClean !== undefined) return;
    var key = keyOf(form), sent = key + "#sent", draft = stored(key);
    form.luodiClean = values(form);
    if (draft && draft !== form.luodiClean) {
      var box = note(say("这里有您上次没有提交的内容。", "You have typed something here that was not sent."), "info", form);
      box.classList.add("draft");
      [[say("恢复", "Restore"), true], [say("不要了", "Discard"), false]].forEach(function (choice) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-outline-secondary";
        button.textContent = choice[0];
        button.addEventListener("click", function () {
          if (choice[1]) fill(form, draft); else store(key, null);
          box.remove();
        });
        box.appendChild(button);
      });
    }
    form.addEventListener("input", function () {
      clearTimeout(form.luodiTimer);
      form.luodiTimer = setTimeout(function () { store(key, values(form)); store(sent, null); }, 400);
    });
    form.addEventListener("submit", function () { clearTimeout(form.luodiTimer); store(key, values(form)); store(sent, "1"); });
  }

  // A draft that was sent has landed when the server answered with a page of the product that is not
  // the form with errors. After going back, or signing in again, it is still there to be restored:
  // a page of nobody (the sign-in, which knows no account) was the answer, so it has not landed.
  function sweep() {
    if (!account || account === "0") { unsend(drafts); return; }
    var arrival = performance.getEntriesByType("navigation")[0];
    var answered = document.body.classList.contains("app") && arrival && arrival.type === "navigate" &&
      document.referrer.indexOf(location.origin) === 0;
    var refused = Array.prototype.map.call(document.querySelectorAll("form[data-keep]"), function (form) {
      return form.querySelector(".alert-danger, .is-invalid") ? keyOf(form) + "#sent" : "";
    });
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.indexOf(prefix) !== 0 || key.slice(-5) !== "#sent") return;
        if (answered && refused.indexOf(key) < 0) store(key.slice(0, -5), null);
        store(key, null);
      });
    } catch (blocked) { /* private mode */ }
  }

  function unsend(beginning) {
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.indexOf(beginning) === 0 && key.slice(-5) === "#sent") store(key, null);
      });
    } catch (blocked) { /* private mode */ }
  }

  var leaving = false;
  window.addEventListener("beforeunload", function (event) {
    var dirty = false;
    each("form[data-keep]", function (form) { if (form.luodiClean !== undefined && values(form) !== form.luodiClean) dirty = true; });
    if (dirty && !leaving) { event.preventDefault(); event.returnValue = ""; }
  });

  /* --- sending: ask, check the size of files, once only ------------------------------------- */
  var limit = parseInt(document.body.getAttribute("data-upload-mb") || "0", 10);
  function tooLarge(form) {
    if (!limit) return "";
    var total = 0;
    Array.prototype.forEach.call(form.querySelectorAll("input[type=file]"), function (field) {
      Array.prototype.forEach.call(field.files, function (file) { total += file.size; });
    });
    if (total <= limit * 1048576) return "";
    var size = Math.ceil(total / 1048576);
    return say("所选文件共 " + size + " MB，超过 " + limit + " MB，请压缩或拆分后再传。",
      "The files have " + size + " MB together, the limit is " + limit + " MB: compress or split them.");
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter || form.querySelector("[type=submit]");
    var question = (button && button.getAttribute("data-confirm")) || form.getAttribute("data-confirm");
    var problem = tooLarge(form);
    if (problem) { event.preventDefault(); event.stopPropagation(); note(problem, "danger", form); return; }
    if (question && !window.confirm(question)) { event.preventDefault(); event.stopPropagation(); return; }
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || form.hasAttribute("data-again")) return;
    if (!navigator.onLine) {
      event.preventDefault(); event.stopPropagation(); window.luodiOffline = true;
      note(say("现在没有网络。您填写的内容已保留在本机，网络恢复后请再次提交。",
        "There is no connection. What you typed is kept here; send it again when you are back online."), "warning", form);
      return;
    }
    if (form.luodiSent) { event.preventDefault(); return; }
    form.luodiSent = leaving = true;
    if (/\/accounts\/logout\/$/.test(form.action)) {
      each("form[data-keep]", function (other) { clearTimeout(other.luodiTimer); });
      forget("");
    }
    // After the browser has collected the fields, so that the button's own value still goes along.
    setTimeout(function () {
      Array.prototype.forEach.call(form.querySelectorAll("[type=submit]"), function (b) { b.setAttribute("aria-busy", "true"); b.disabled = true; });
    }, 0);
  });
  window.addEventListener("pageshow", function (event) {  // back from the cache: buttons work again
    if (!event.persisted) return;
    leaving = false;
    each("form", function (form) { form.luodiSent = false; });
    release(document);
  });
  function release(within) {
    Array.prototype.forEach.call(within.querySelectorAll("[aria-busy=true]"), function (b) { b.disabled = false; b.removeAttribute("aria-busy"); });
  }

  /* --- htmx: a fault is a sentence, and nothing on the page is lost ---------------------------- */
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt && event.detail.elt.closest("form");
    if (form) { form.luodiSent = leaving = false; release(form); }
  });
  function fault(event) {
    var status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status === 422) return;
    note(status === 0 ? say("连不上服务器，刚才的操作没有完成；页面上的内容都还在，请稍后再试。", "The server cannot be reached; nothing on this page is lost, please try again.")
      : status === 403 ? say("您没有做这件事的权限，或登录已过期，请重新登录。", "You may not do this, or your sign-in has run out.")
        : say("系统出错了，刚才的操作没有写入，请稍后再试。", "Something went wrong; nothing was written, please try again."), "danger");
  }
  document.addEventListener("htmx:sendError", fault);
  document.addEventListener("htmx:responseError", fault);
  document.addEventListener("htmx:timeout", fault);
  document.addEventListener("htmx:beforeSwap", function (event) {  // a form that comes back with errors
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  window.addEventListener("online", function () { window.luodiOffline = false; });

  /* --- start ---------------------------------------------------------------------------------- */
  function start() {
    if (account && account !== "0") forget(prefix);
    sweep();
    each("form[data-keep]", keep);
    each("[data-print]", function (b) { b.onclick = function () { window.print(); }; });
    each("[data-print-now]", function () { window.print(); });
    var first = document.querySelector("main .alert-danger[tabindex]");
    if (first) first.focus();
  }
  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:afterSettle", function () { each("form[data-keep]", keep); });
  /* --- Ctrl+K: search from anywhere; where the browser has no dialogs, the page of the search ------ */
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    var box = document.getElementById("quick");
    if (!box) return;
    event.preventDefault();
    if (!box.showModal) { location.href = box.querySelector("form").action; return; }
    if (!box.open) box.showModal();
    box.querySelector("input").select();
  });
  document.addEventListener("click", function (event) {
    if (event.target.id === "quick" && event.target.close) event.target.close();
  });
  document.addEventListener("keydown", function (event) {
    var box = document.getElementById("quick");
    if (!box || !box.open || ["ArrowDown", "ArrowUp"].indexOf(event.key) < 0) return;
    var links = Array.prototype.slice.call(box.querySelectorAll("input, #quick-found a"));
    var next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (links[next]) { event.preventDefault(); links[next].focus(); }
  });

  /* --- rows that are ticked: all at once, and how many ----------------------------------------- */
  function picked() {
    var all = document.querySelectorAll("td.pick input"), count = document.querySelectorAll("td.pick input:checked").length;
    each("[data-pick-all]", function (box) {
      box.hidden = false;
      box.checked = count > 0 && count === all.length;
      box.indeterminate = count > 0 && count < all.length;
    });
    each("[data-picked]", function (place) { place.textContent = count ? say("已选 " + count + " 条", count + " selected") : ""; });
  }
  document.addEventListener("change", function (event) {
    if (event.target.hasAttribute("data-pick-all")) each("td.pick input", function (box) { box.checked = event.target.checked; });
    picked();
  });
  document.addEventListener("DOMContentLoaded", picked);
  document.addEventListener("htmx:afterSettle", picked);

  /* --- menus close when something was chosen, or when one goes elsewhere ----------------------- */
  function closeMenus(event) {
    each("details.menu[open]", function (menu) { if (!event || !menu.contains(event.target)) menu.open = false; });
  }
  document.addEventListener("click", closeMenus);
  document.addEventListener("htmx:afterSwap", function () { closeMenus(); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.activeElement && document.activeElement.closest("details.menu[open]");
    closeMenus();
    if (open) open.querySelector("summary").focus();
    if (location.hash === "#nav") location.hash = "#main";
  });
})();

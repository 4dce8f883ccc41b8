/* Keeps today's list readable without network: the round's page and what it is drawn with, no other
   page. What was kept goes when somebody signs in or out, or when the list is of another day. */
"use strict";
var NAME = "care-round";

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  var page = event.request.mode === "navigate";
  if (!page && url.pathname.indexOf("/static/") !== 0) return;
  event.respondWith(fetch(event.request).then(function (answer) {
    if (page && (answer.redirected || !answer.ok)) return caches.delete(NAME).then(function () { return answer; });
    if (answer.ok) { var copy = answer.clone(); caches.open(NAME).then(function (cache) { cache.put(event.request, copy); }); }
    return answer;
  }).catch(function () {
    return caches.match(event.request).then(function (kept) {
      if (!kept) return Response.error();
      var day = kept.headers.get("date");
      if (page && day && Date.now() - new Date(day).getTime() > 24 * 3600 * 1000) { caches.delete(NAME); return Response.error(); }
      return kept;
    });
  }));
});

// A screen on a wall: fetches itself every minute; when it cannot, it says so and keeps what it has.
"use strict";
(() => {
  const MINUTE = 60000;
  const refresh = async () => {
    const wall = document.querySelector("[data-wall]");
    try {
      const answer = await fetch(wall.dataset.wall, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-wall]");
      if (!fresh) throw new Error("another page");
      wall.replaceWith(document.adoptNode(fresh));
    } catch {
      document.querySelector("[data-stale]").hidden = false;
    }
  };
  setInterval(refresh, MINUTE);
})();

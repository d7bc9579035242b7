// Keyboard: "/" searches, "g" then a letter goes, "?" shows all. Everything here is a convenience; pages work without it.
"use strict";
(() => {
  const PAUSE = 1200;
  let goUntil = 0;
  const keys = () => document.getElementById("keys");
  const isTyping = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  document.documentElement.classList.add("has-script");

  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.timeStamp < goUntil) {
      goUntil = 0;
      const link = [...document.querySelectorAll("[data-go]")].find((each) => each.dataset.go === event.key);
      if (link) {
        event.preventDefault();
        window.location.assign(link.href);
      }
      return;
    }
    if (event.key === "g") goUntil = event.timeStamp + PAUSE;
    if (event.key === "/" && document.getElementById("search")) {
      event.preventDefault();
      document.getElementById("search").select();
      document.getElementById("search").focus();
    }
    if (event.key === "?" && keys() && !keys().open) keys().showModal();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();

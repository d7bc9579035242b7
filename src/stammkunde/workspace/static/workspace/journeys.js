// The editor of a map: drag a touchpoint, or move it with Alt and the arrow keys. Every move is also a plain button.
"use strict";
(() => {
  let dragged = null;
  const board = () => document.getElementById("board");
  const ops = () => document.getElementById("ops");
  const isTyping = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const press = (id) => {
    const button = document.getElementById(id);
    if (button && !button.disabled) button.click();
  };

  const placeIn = (stock, y) => {
    const pieces = [...stock.querySelectorAll(".piece")].filter((each) => each !== dragged);
    const before = pieces.findIndex((each) => {
      const box = each.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    return before < 0 ? pieces.length : before;
  };

  const clear = () => {
    for (const each of document.querySelectorAll(".drop-before, .drop-end, .lifted")) {
      each.classList.remove("drop-before", "drop-end", "lifted");
    }
  };

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest(".piece");
    if (!dragged) return;
    dragged.classList.add("lifted");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.id);
  });

  document.addEventListener("dragover", (event) => {
    const column = dragged && event.target.closest(".column[data-phase]");
    if (!column) return;
    event.preventDefault();
    for (const each of document.querySelectorAll(".drop-before, .drop-end")) each.classList.remove("drop-before", "drop-end");
    const stock = column.querySelector(".stock");
    const pieces = [...stock.querySelectorAll(".piece")].filter((each) => each !== dragged);
    const at = placeIn(stock, event.clientY);
    if (pieces[at]) pieces[at].classList.add("drop-before");
    else stock.classList.add("drop-end");
  });

  document.addEventListener("drop", (event) => {
    const column = dragged && event.target.closest(".column[data-phase]");
    if (!column) return;
    event.preventDefault();
    const form = ops();
    form.elements.phase.value = column.dataset.phase;
    form.elements.index.value = String(placeIn(column.querySelector(".stock"), event.clientY));
    const send = document.createElement("button");
    send.name = "do";
    send.value = `drop:${dragged.dataset.id}`;
    send.hidden = true;
    form.append(send);
    dragged = null;
    clear();
    send.click();
    send.remove();
  });

  document.addEventListener("dragend", () => {
    dragged = null;
    clear();
  });

  document.addEventListener("keydown", (event) => {
    if (!board() || isTyping(event.target)) return;
    const ways = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
    const piece = event.target.closest && event.target.closest(".piece");
    if (event.altKey && piece && ways[event.key]) {
      event.preventDefault();
      board().dataset.back = piece.dataset.id;
      press(`${ways[event.key]}-${piece.dataset.id}`);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const key = event.key.toLowerCase();
      if (key === "z" || key === "y") {
        event.preventDefault();
        press(key === "y" || event.shiftKey ? "redo" : "undo");
      }
    }
  });

  // After a move the card that was moved keeps the focus, wherever it stands now.
  let back = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const piece = document.activeElement && document.activeElement.closest(".piece");
    back = piece ? piece.dataset.id : (board() && board().dataset.back) || "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!back) return;
    const piece = document.getElementById(`piece-${back}`);
    const on = document.activeElement;
    if (piece && !(on && piece.contains(on))) piece.querySelector("a").focus();
    back = "";
  });
})();

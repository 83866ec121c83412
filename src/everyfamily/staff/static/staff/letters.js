// Checks the words of a section while somebody writes: after each pause, and nothing is saved by it.
"use strict";
(() => {
  const PAUSE = 700;
  const form = document.getElementById("section"), place = document.getElementById("checked");
  const said = document.getElementById("said-of-check");
  if (!form || !place) return;
  let waiting = 0, asked = 0;

  const check = async () => {
    const number = ++asked;
    place.setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) }).catch(() => null);
    // Only the newest words count, and a page that asks to sign in again is no answer.
    if (number !== asked) return;
    place.removeAttribute("aria-busy");
    if (!answer || answer.redirected || !(answer.ok || answer.status === 422)) return;
    const words = await answer.text();
    if (number !== asked) return;
    // The fragment is ours, made by the same template as the page.
    const read = new DOMParser().parseFromString(words, "text/html").getElementById("checked");
    if (!read) return;
    place.replaceChildren(...read.childNodes);
    const found = place.querySelector("h2").textContent;
    if (said && said.textContent !== found) said.textContent = found;
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  });
})();

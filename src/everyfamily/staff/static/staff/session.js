// Says two minutes before a session ends, and keeps it if asked. A page that is opened in another tab counts here too.
"use strict";
(() => {
  const WARNS = 120;
  const box = document.getElementById("session-end");
  if (!box) return;
  const words = box.querySelector("p"), button = box.querySelector("button");
  const tabs = new BroadcastChannel("everyfamily session");
  let ends = Date.now() + box.dataset.left * 1000;
  let said = "", over = false, last = false;

  const say = (text, asks) => {
    // Only a change is read out.
    if (text !== said) words.textContent = said = text;
    button.hidden = !asks;
    box.classList.toggle("shown", text !== "");
  };
  const typed = () => [...document.querySelectorAll("textarea, input:not([type=hidden])")]
    .some(one => one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);
  // This clock may be a little before the server's. The page that opens is no use of the session: it ends it.
  const again = () => `${box.dataset.again}?idle=1&next=${encodeURIComponent(location.pathname + location.search)}`;

  const ended = () => {
    over = true;
    // What was typed stays in sight, so that it can be copied. Otherwise nothing stays on the screen.
    if (!typed()) return location.assign(again());
    say("You were signed out. What you typed is still here: copy it before you sign in again. ", false);
    const link = document.createElement("a");
    link.href = again();
    link.textContent = "Sign in again";
    link.className = "govuk-link";
    words.append(link);
  };
  const look = () => {
    if (over) return;
    const left = (ends - Date.now()) / 1000;
    if (left <= 0) return ended();
    if (left > WARNS) return say("", false);
    if (last) return say("You cannot stay signed in for more than 8 hours. Keep what you have typed, and sign in again.", false);
    say(`You will be signed out in ${left > 60 ? "2 minutes" : "1 minute"}.`, true);
  };
  const learn = left => {
    ends = Math.max(ends, Date.now() + left * 1000);
    look();
  };

  tabs.onmessage = message => learn(message.data);
  tabs.postMessage(Number(box.dataset.left));
  button.addEventListener("click", async () => {
    const answer = await fetch(box.dataset.stay).catch(() => null);
    if (!answer) return;
    if (answer.redirected || !answer.ok) return ended();
    const left = Number(await answer.text());
    last = left <= WARNS;
    tabs.postMessage(left);
    learn(left);
  });
  setInterval(look, 1000);
})();

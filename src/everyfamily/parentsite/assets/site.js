// Only comfort: every page does its work without this file. Nothing is stored, sent or fetched here.
"use strict";
(function () {
  var root = document.documentElement;
  root.classList.add("js");

  // Leaving. A page that is left is replaced, so Back does not lead to it. Pages of ours that were read before it are
  // covered when Back leads to them from another site, or when it cannot be told where Back came from.
  function cameBackFromElsewhere(persisted) {
    if (history.state === "covered") return true;
    if (document.wasDiscarded) return false; // the phone let go of the page during a call: show it again
    var activation = window.navigation && window.navigation.activation;
    if (activation) return activation.navigationType === "traverse" && !activation.from;
    var entry = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    return persisted || (!!entry && entry.type === "back_forward");
  }
  var title = "";
  function cover() {
    title = document.title || title;
    document.title = "";
    root.classList.add("covered");
    history.replaceState("covered", ""); // so that a reload does not uncover it; kept with the entry of Back, no longer
  }
  function uncover() {
    root.classList.remove("covered");
    history.replaceState(null, "");
    if (title) document.title = title;
    title = "";
  }
  if (cameBackFromElsewhere(false)) cover();

  function clearChoices() {
    var forms = document.querySelectorAll("form");
    for (var n = 0; n < forms.length; n++) forms[n].reset();
  }
  addEventListener("pagehide", function () {
    clearChoices();
    root.hidden = true; // what the browser keeps of this page for Back shows nothing
  });
  addEventListener("pageshow", function (event) {
    root.hidden = false;
    clearChoices();
    if (event.persisted && cameBackFromElsewhere(true)) cover();
  });

  addEventListener("click", function (event) {
    var target = event.target && event.target.closest
      && event.target.closest("[data-leave],[data-print],[data-open-again],a[href^='#']");
    if (!target) return;
    if (target.hash && !target.hasAttribute("data-leave")) {
      event.preventDefault();
      return location.replace(target.href); // a place on this page is no page to come back to
    }
    if (target.hasAttribute("data-open-again")) return uncover();
    if (target.hasAttribute("data-print")) return window.print();
    event.preventDefault();
    root.hidden = true;
    document.title = "";
    location.replace(target.href);
  });

  // "Open now", by London's clock, whatever the device's own is.
  function londonNow() {
    var found = {};
    new Intl.DateTimeFormat("en-GB", {
      timeZone: "Europe/London", hourCycle: "h23", weekday: "short", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit"
    }).formatToParts(new Date()).forEach(function (part) { found[part.type] = part.value; });
    return {
      weekday: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(found.weekday),
      minute: Number(found.hour) * 60 + Number(found.minute),
      day: found.year + "-" + found.month + "-" + found.day
    };
  }
  function isOpen(element, now) {
    var spans = JSON.parse(element.dataset.hours);
    if ((element.dataset.shutDays || "").split(" ").indexOf(now.day) >= 0) return false;
    return !spans.length || spans.some(function (span) {
      return span[0] === now.weekday && span[1] <= now.minute && now.minute < span[2];
    });
  }
  // A page that was to be made again by now says so itself.
  function showLate() {
    var today = londonNow().day;
    document.querySelectorAll("[data-good-until]").forEach(function (line) {
      line.hidden = today <= line.dataset.goodUntil;
      root.classList.toggle("is-late", !line.hidden); // and nothing is said to be open
    });
  }
  function showOpenNow() {
    var now = londonNow(), shown = document.querySelectorAll("[data-hours]");
    for (var n = 0; n < shown.length; n++) {
      var open = isOpen(shown[n], now);
      shown[n].textContent = open ? shown[n].dataset.open : shown[n].dataset.shut;
      shown[n].classList.toggle("is-open", open);
    }
  }

  // A reference is compared with the list on the page, once it is whole: a slip while typing is no forgery.
  function plain(words) {
    return words.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, function (digit) { return digit.charCodeAt(0) & 15; })
      .toUpperCase().replace(/[^A-Z0-9]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  }
  function startFinding(form) {
    var field = form.querySelector("input"), answer = form.querySelector("[data-ours]");
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-reference]"));
    var longest = Math.max.apply(null, rows.map(function (row) { return plain(row.dataset.reference).length; }));
    function show(whole) {
      var typed = plain(field.value), found = null;
      rows.forEach(function (row) {
        var same = typed !== "" && plain(row.dataset.reference) === typed;
        row.classList.toggle("found", same);
        if (same) found = row;
      });
      var say = found ? (found.hasAttribute("data-withdrawn") ? "withdrawn" : found.hasAttribute("data-corrects") ? "corrects" : "ours")
        : typed !== "" && (whole || typed.length >= longest) ? "notOurs" : "";
      answer.textContent = say ? answer.dataset[say] + " " : "";
      answer.className = "answer" + (say === "ours" || say === "corrects" ? " ours" : say ? " not-ours" : "");
      if (found) answer.appendChild(found.querySelector("a").cloneNode(true));
      if (say) answer.scrollIntoView({block: "nearest"}); // not behind the bar, or the keyboard
    }
    form.addEventListener("submit", function (event) { event.preventDefault(); show(true); });
    field.addEventListener("input", function () { show(false); });
    field.addEventListener("change", function () { show(true); });
  }

  // The call sheet, where the browser does not know :has().
  function startSheet(form) {
    if (window.CSS && CSS.supports && CSS.supports("selector(:has(*))")) return;
    root.classList.add("sheet-by-script");
    function show() {
      var some = false, grave = false;
      form.querySelectorAll("input").forEach(function (box) {
        some = some || box.checked;
        grave = grave || (box.checked && box.classList.contains("grave-choice"));
        document.querySelector(".s" + box.id.slice(1)).classList.toggle("chosen", box.checked);
      });
      root.classList.toggle("some-chosen", some);
      root.classList.toggle("grave-chosen", grave);
    }
    form.addEventListener("change", show);
    form.addEventListener("reset", function () { setTimeout(show); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-find]").forEach(startFinding);
    document.querySelectorAll("form.choose").forEach(startSheet);
    showLate();
    showOpenNow();
    setInterval(showOpenNow, 60000);
  });
})();

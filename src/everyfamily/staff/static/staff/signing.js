// Signing with a passkey: the device signs the words that this page shows, and no others. It loads nothing, and keeps nothing.
"use strict";
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), one => one.charCodeAt(0));
  const text = buffer => btoa(Array.from(new Uint8Array(buffer), one => String.fromCharCode(one)).join(""));
  const form = document.querySelector("form[data-sign]");
  // What the page says without this script stays.
  if (!form || !window.PublicKeyCredential || !navigator.credentials || !crypto.subtle) return;
  form.nextElementSibling.hidden = true;
  form.hidden = false;

  form.addEventListener("submit", async event => {
    event.preventDefault();
    const said = form.querySelector(".said"), field = form.elements;
    const words = document.getElementById("words-to-sign").textContent;
    const shown = document.getElementById("fingerprint");
    // The fingerprint of a letter, which people compare, is the beginning of its digest.
    if (shown && !words.includes(`\n${shown.textContent.replace(/\s/g, "")}`)) {
      said.textContent = "This page is damaged. Nothing was signed. Open it again.";
      return;
    }
    said.textContent = "Waiting for your device…";
    try {
      const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
      const allowCredentials = form.dataset.keys.split(" ").map(id => ({ type: "public-key", id: bytes(id) }));
      const publicKey = { challenge, rpId: form.dataset.site, userVerification: "required", allowCredentials };
      const { response } = await navigator.credentials.get({ publicKey });
      field.authenticator_data.value = text(response.authenticatorData);
      field.client_data.value = text(response.clientDataJSON);
      field.signature.value = text(response.signature);
      form.submit();
    } catch (problem) {
      said.textContent = problem.name === "NotAllowedError"
        ? "Nothing was signed. You can try again."
        : "That did not work in this browser. You can try again, or use a key file.";
    }
  });
})();

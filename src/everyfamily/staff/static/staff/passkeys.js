// Passkeys: asks the browser for one, and sends its answer with the form. It keeps nothing, and loads nothing from elsewhere.
"use strict";
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), one => one.charCodeAt(0));
  const text = buffer => btoa(Array.from(new Uint8Array(buffer), one => String.fromCharCode(one)).join(""))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const asked = options => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials]) {
      for (const one of list || []) one.id = bytes(one.id);
    }
    return options;
  };

  const answered = credential => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const optionsOf = async form => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  };

  const words = (problem, making) => {
    if (problem.name === "InvalidStateError") return "There is a passkey for this account on that device already.";
    if (problem.name === "NotAllowedError") {
      return making ? "No passkey was made. You can try again." : "No passkey was used. You can try again, or sign in another way.";
    }
    return "That did not work in this browser. You can try again, or use another way.";
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    // What the page says without this script stays.
    if (!window.PublicKeyCredential || !navigator.credentials) continue;
    form.nextElementSibling.hidden = true;
    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      const said = form.querySelector(".said"), making = form.dataset.passkey === "create";
      said.textContent = "Waiting for your device…";
      try {
        const publicKey = asked((await optionsOf(form)).publicKey);
        const found = await (making ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
        form.elements.credential.value = answered(found);
        form.submit();
      } catch (problem) {
        said.textContent = words(problem, making);
      }
    });
  }
})();

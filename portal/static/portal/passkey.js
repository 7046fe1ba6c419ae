/* Passkeys: what the browser is asked stands in the form; what it answers goes back with it. Nothing is fetched. */
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function known(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }
  function asked(options) {
    var key = Object.assign({}, options.publicKey, { challenge: bytes(options.publicKey.challenge) });
    if (key.user) {
      key.user = Object.assign({}, key.user, { id: bytes(key.user.id) });
      key.excludeCredentials = known(key.excludeCredentials);
    } else {
      key.allowCredentials = known(key.allowCredentials);
    }
    return { publicKey: key };
  }
  function written(found) {
    var said = { clientDataJSON: text(found.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (found.response[name]) { said[name] = text(found.response[name]); }
    });
    return JSON.stringify({
      id: found.id, rawId: text(found.rawId), type: found.type, response: said,
      clientExtensionResults: found.getClientExtensionResults()
    });
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var trouble = form.querySelector("[data-trouble]");
    if (!window.PublicKeyCredential || !navigator.credentials) { return; }
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.passkey.value) { return; }
      event.preventDefault();
      trouble.hidden = true;
      var options = asked(JSON.parse(form.dataset.passkey));
      var going = options.publicKey.user ? navigator.credentials.create(options) : navigator.credentials.get(options);
      going.then(function (found) {
        form.elements.passkey.value = written(found);
        form.submit();
      }).catch(function () {
        trouble.hidden = false;
        trouble.focus();
      });
    });
  });
}());

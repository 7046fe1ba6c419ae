/* Drafts at the desk: what is typed stays in this browser until the service says that it was done. Every form works without. */
(function () {
  "use strict";
  var account = document.body.getAttribute("data-account");
  if (!account || !window.localStorage) { return; }
  var PREFIX = "desk-draft:" + account + ":", OLDEST = 7 * 24 * 60 * 60 * 1000;

  function kept() {
    var found = [];
    for (var i = 0; i < localStorage.length; i += 1) {
      if (localStorage.key(i).indexOf(PREFIX) === 0) { found.push(localStorage.key(i)); }
    }
    return found;
  }
  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
  }
  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && ["hidden", "file", "password", "submit", "button"].indexOf(one.type) < 0;
    });
  }
  function isTicked(one) { return one.type === "radio" || one.type === "checkbox"; }

  /* What was done, or is a week old, goes. */
  var done = new URLSearchParams(window.location.search).get("sent");
  kept().forEach(function (key) {
    var draft = read(key);
    if (!draft || draft.once === done || Date.now() - draft.at > OLDEST) { localStorage.removeItem(key); }
  });

  var form = document.querySelector("form[data-draft]");
  var key = form && PREFIX + form.getAttribute("data-draft");
  function save() {
    var values = {};
    fields(form).forEach(function (one) {
      values[one.name] = values[one.name] || [];
      if (!isTicked(one) || one.checked) { values[one.name].push(one.value); }
    });
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), once: form.elements.once.value, values: values }));
    } catch (error) { /* full or forbidden: then there is no draft */ }
  }
  function restore(draft) {
    var next = {};
    form.elements.once.value = draft.once;
    fields(form).forEach(function (one) {
      var said = draft.values[one.name];
      if (!said) { return; }
      if (isTicked(one)) { one.checked = said.indexOf(one.value) >= 0; return; }
      next[one.name] = (next[one.name] || 0) + 1;
      if (said[next[one.name] - 1] !== undefined) { one.value = said[next[one.name] - 1]; }
    });
  }
  if (form) {
    var draft = read(key), told = document.querySelector("[data-draft-back]");
    if (form.hasAttribute("data-fresh") && draft) {
      restore(draft);
      told.hidden = false;
      told.querySelector("[data-draft-drop]").addEventListener("click", function () {
        localStorage.removeItem(key);
        window.location.reload();
      });
    } else if (!form.hasAttribute("data-fresh")) {
      save();
    }
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  }

  document.addEventListener("submit", function (event) {
    if (/\/sign-out\/$/.test(event.target.action)) {
      kept().forEach(function (one) { localStorage.removeItem(one); });
      return;
    }
    var away = document.querySelector("[data-offline]");
    if (away && navigator.onLine === false) {
      event.preventDefault();
      away.hidden = false;
    } else if (away) {
      away.hidden = true;
    }
  });
}());

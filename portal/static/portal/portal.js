/* Small comforts; every page works without. */
(function () {
  "use strict";
  /* Leave this site: what was open goes at once, and the page is replaced, so that "back" does not lead to it. */
  var leave = document.querySelector("[data-leave]");
  function go(event) {
    if (event) { event.preventDefault(); }
    document.documentElement.hidden = true;
    document.title = "";
    window.location.replace(leave.href);
  }
  if (leave) {
    var all = document.querySelectorAll("[data-leave]");
    for (var i = 0; i < all.length; i += 1) { all[i].addEventListener("click", go); }
    var last = 0;
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") { return; }
      var now = Date.now();
      if (now - last < 800) { go(null); }
      last = now;
    });
    /* A page that comes back from the browser's memory is fetched anew. */
    window.addEventListener("pageshow", function (event) {
      if (event.persisted && document.documentElement.hidden) { window.location.reload(); }
    });
  }
  /* A code from a letter stands after "#", which no server sees: it goes into its field, and out of the address. */
  var field = document.getElementById("local");
  var given = window.location.hash.slice(1);
  if (field && /^[A-Z0-9]{4}(-[A-Z0-9]{4}){2}$/i.test(given)) {
    if (!field.value) { field.value = given; }
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
}());

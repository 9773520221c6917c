"use strict";
(function () {
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const narrow = window.matchMedia("(max-width: 44rem)");
  const views = {};

  function draw() {
    const form = narrow.matches && !window.matchMedia("print").matches ? "narrow" : "wide";
    return Promise.all(
      Array.from(document.querySelectorAll("[data-chart]"), function (place) {
        const name = place.dataset.chart;
        return vegaEmbed(place, specs[name][form], { actions: false, renderer: "svg" }).then(function (result) {
          views[name] = result.view;
          const svg = place.querySelector("svg");
          svg.setAttribute("role", "img");
          svg.removeAttribute("aria-roledescription");
          svg.setAttribute("aria-label", place.dataset.alt);
          place.dataset.drawn = form;
        });
      })
    );
  }

  function save(name, kind) {
    const done = function (url) {
      const link = document.createElement("a");
      link.href = url;
      link.download = name + "." + kind;
      link.click();
    };
    if (views[name]) {
      views[name].toImageURL(kind, kind === "png" ? 2 : 1).then(done);
      return;
    }
    const map = document.querySelector('[data-map="' + name + '"] svg');
    const text = new XMLSerializer().serializeToString(map);
    const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    if (kind === "svg") {
      done(url);
      return;
    }
    const image = new Image();
    image.onload = function () {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * image.width;
      canvas.height = 2 * image.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      done(canvas.toDataURL("image/png"));
    };
    image.src = url;
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-save]");
    if (button) save(button.dataset.figure, button.dataset.save);
  });

  // Where something is told from several starts, the one that is picked anywhere is shown everywhere.
  document.documentElement.classList.add("scripted");
  const picks = Array.from(document.querySelectorAll("select[data-pick]"));
  function pick(start) {
    picks.forEach(function (one) {
      const known = Array.from(one.options, function (option) { return option.value; });
      if (!known.includes(start)) return;
      one.value = start;
      one.closest("section").querySelectorAll("details.start").forEach(function (told) {
        told.open = told.dataset.start === start;
      });
    });
  }
  picks.forEach(function (one) {
    one.closest(".pick").hidden = false;
    one.addEventListener("change", function () { pick(one.value); });
  });

  // On paper everything is open but the starts that were not picked; afterwards what was closed is closed again.
  let closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details:not([open]):not(.start)"));
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (one) { one.open = false; });
  });

  // A link to something inside what is closed opens it.
  function reveal() {
    const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = goal; at; at = at.parentElement) if (at.tagName === "DETAILS") {
      if (at.classList.contains("start")) pick(at.dataset.start);
      at.open = true;
    }
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  narrow.addEventListener("change", draw);
  draw().then(function () { document.documentElement.dataset.ready = "yes"; });
})();

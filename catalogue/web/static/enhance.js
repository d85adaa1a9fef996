/* The one script of the site. On a wide page filters apply as soon as they are chosen, and focus
   returns to the one that was changed. On a narrow page focus follows the filters when they open
   and close. Without it, the button "Show datasets" and the links do the same. */
(() => {
  "use strict";
  const KEY = "changed-filter";
  const form = document.getElementById("filters");
  const opener = document.getElementById("filters-open");
  if (!form || !opener) return;

  const narrow = () => getComputedStyle(opener).display !== "none";
  const opened = () => location.hash === "#filters";
  const same = (box, kept) => box.name === kept.name && box.value === kept.value;

  const remember = (box) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ name: box.name, value: box.value, at: scrollY }));
    } catch { /* private windows may refuse storage; then the page opens at its top */ }
  };

  const recall = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
      sessionStorage.removeItem(KEY);
      return kept;
    } catch { return null; }
  };

  const show = (kept) => {
    const box = [...form.elements].find((each) => each instanceof HTMLInputElement && same(each, kept));
    if (box) {
      for (let each = box.closest("details"); each; each = each.parentElement.closest("details")) {
        each.open = true;
      }
      box.focus({ preventScroll: true });
    }
    scrollTo(0, kept.at);
  };

  form.classList.add("filters--live");

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || narrow()) return;
    remember(box);
    form.requestSubmit();
  });

  /* Back: a browser may show the page as it was left, with a choice that its results do not have.
     A purpose that was filled in stays: it is work, and says nothing of the results. */
  addEventListener("pageshow", (event) => {
    const visit = performance.getEntriesByType("navigation")[0];
    if (!event.persisted && visit?.type !== "back_forward") return;
    for (const each of [form, document.querySelector(".sort")]) each?.reset();
  });

  /* Words that were typed and not sent yet go along with every other choice of the page. */
  const words = document.getElementById("q");
  for (const each of document.querySelectorAll(".search-layout form")) {
    each.addEventListener("formdata", ({ formData }) => {
      if (words.value.trim()) formData.set("q", words.value);
      else formData.delete("q");
    });
  }

  const close = () => {
    location.hash = "filters-open";
    opener.focus();
  };

  addEventListener("hashchange", () => {
    if (!narrow()) return;
    (opened() ? document.getElementById("filters-h") : opener).focus();
  });

  form.querySelector(".filters-close")?.addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow() && opened()) close();
  });

  const kept = recall();
  if (kept) show(kept);
})();

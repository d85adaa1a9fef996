/* The one script of the site: filters apply as soon as they are chosen. Without it, the button
   "Show datasets" does the same. Focus returns to the filter that was changed. */
(() => {
  "use strict";
  const KEY = "changed-filter";
  const form = document.getElementById("filters");
  if (!form) return;

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

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    if (getComputedStyle(document.getElementById("filters-open")).display !== "none") return;
    remember(box);
    form.requestSubmit();
  });

  const kept = recall();
  if (kept) {
    const box = [...form.elements].find((each) => each instanceof HTMLInputElement && same(each, kept));
    if (box) {
      box.closest("details")?.setAttribute("open", "");
      box.focus({ preventScroll: true });
    }
    scrollTo(0, kept.at);
  }
})();

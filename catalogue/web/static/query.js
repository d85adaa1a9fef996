/* The query page, made handier: the field becomes an editor that completes our own names, and an
   answer comes without leaving the page. Without this script the form and its links do the same.
   Nothing is asked of any other host: names come from the address in the form's `data-terms`. */
(() => {
  "use strict";
  const form = document.getElementById("query-form");
  const field = document.getElementById("query");
  const answer = document.getElementById("answer");
  const asking = document.getElementById("asking");
  if (!form || !field || !answer) return;
  const LONGEST = 8000;
  let editor = null;

  const text = () => (editor ? editor.getValue() : field.value);

  /* Asking ------------------------------------------------------------------------------- */

  const request = () => {
    const asked = new URLSearchParams({ query: text() });
    const address = `${form.action.split("#")[0]}?${asked}`;
    return address.length <= LONGEST
      ? [address, { headers: { Accept: "text/html" } }]
      : [form.action, { method: "POST", body: asked, headers: { Accept: "text/html" } }];
  };

  const show = (page) => {
    const made = new DOMParser().parseFromString(page, "text/html").getElementById("answer");
    if (!made) throw new Error("the answer is not a page of this site");
    answer.replaceChildren(...made.childNodes);
    offerCopying();
    const head = document.getElementById("answer-head");
    head.focus({ preventScroll: true });
    head.scrollIntoView({ block: "start" });
  };

  const ask = async () => {
    field.value = text();
    asking.textContent = form.dataset.asking;
    try {
      const [address, options] = request();
      const response = await fetch(address, options);
      show(await response.text());
      if (!options.method) history.pushState(null, "", `${address}#answer`);
    } catch {
      form.submit(); /* the browser shows what is wrong */
    } finally {
      asking.textContent = "";
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  addEventListener("popstate", () => location.reload());

  /* Copying ------------------------------------------------------------------------------- */

  const offerCopying = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      });
    }
  };
  offerCopying();

  /* Completing ---------------------------------------------------------------------------- */

  let terms = null;
  const known = async () => {
    terms ??= fetch(form.dataset.terms).then((response) => response.json());
    return terms;
  };

  /* IRIs that start with the prefix that was typed and have the rest of it anywhere. */
  const fitting = (iris, token) => {
    const typed = (token.autocompletionString || "").toLowerCase();
    const start = (token.tokenPrefixUri || "").toLowerCase();
    const rest = start ? typed.slice(start.length) : typed;
    return iris.filter((iri) => {
      const low = iri.toLowerCase();
      return low.startsWith(start) && low.slice(start.length).includes(rest);
    });
  };

  const prefixed = (iri, prefixes) => {
    const hit = Object.entries(prefixes).find(([, base]) => iri.startsWith(base));
    return hit ? `${hit[0]}:${iri.slice(hit[1].length)}` : `<${iri}>`;
  };

  const completers = (Yasqe) => {
    const plain = { bulk: false, persistenceId: null };
    Yasqe.forkAutocompleter("prefixes", {
      ...plain,
      name: "our-prefixes",
      get: async (_, token) => {
        const start = (token?.autocompletionString || token?.string || "").trim();
        const all = Object.entries((await known()).prefixes).map(([name, iri]) => `${name}: <${iri}>`);
        return all.filter((each) => each.startsWith(start));
      },
    }, false);
    for (const [kind, name] of [["class", "classes"], ["property", "properties"]]) {
      Yasqe.forkAutocompleter(kind, {
        ...plain,
        name: `our-${name}`,
        get: async (_, token) => fitting((await known())[name], token),
      }, false);
    }
    const property = Yasqe.Autocompleters.property;
    Yasqe.forkAutocompleter("property", {
      ...plain,
      name: "our-concepts",
      isValidCompletionPosition: (it) =>
        /^[\w-]+:/.test(it.getCompleteToken().string) && !property.isValidCompletionPosition(it),
      get: async (_, token) => fitting(Object.keys((await known()).concepts), token),
      postprocessHints: (it, hints) => {
        const named = it.ourNames || {};
        for (const hint of hints) {
          const label = named[hint.text];
          if (label) hint.displayText = `${hint.text}  ${label}`;
        }
        return hints;
      },
    }, false);
    return ["our-prefixes", "our-classes", "our-properties", "our-concepts", "variables"];
  };

  const become = (Yasqe) => {
    const holder = document.createElement("div");
    field.before(holder);
    editor = new Yasqe(holder, {
      value: field.value,
      autocompleters: completers(Yasqe),
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      viewportMargin: Infinity,
      prefixCcApi: null,
    });
    const keys = editor.getOption("extraKeys");
    const both = { "Ctrl-Enter": ask, "Cmd-Enter": ask, Tab: false, "Shift-Tab": false };
    editor.setOption("extraKeys", { ...keys, ...both, "Ctrl-S": undefined });
    editor.getInputField().setAttribute("aria-label", form.dataset.label);
    document.getElementById("query-label").htmlFor = "";
    document.getElementById("query-label").addEventListener("click", () => editor.focus());
    document.getElementById("query-keys").hidden = false;
    field.hidden = true;
    known().then(({ concepts, prefixes }) => {
      editor.ourNames = Object.fromEntries(
        Object.entries(concepts).map(([iri, label]) => [prefixed(iri, prefixes), label]),
      );
    });
  };

  if (window.Yasqe) become(window.Yasqe);
})();

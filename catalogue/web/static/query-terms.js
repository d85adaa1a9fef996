/* What the editor of the query page completes: our prefixes, classes, properties and concepts,
   with their labels. They come from the address in `data-terms`; no other host is asked. */
window.QueryTerms = (() => {
  "use strict";
  let asked = null;

  /* Everything that is known, asked for once. */
  const known = (address) => {
    asked ??= fetch(address).then((response) => response.json());
    return asked;
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

  /* The short form of an IRI, or nothing. */
  const short = (iri, prefixes) => {
    const hit = Object.entries(prefixes).find(([, base]) => iri.startsWith(base));
    return hit ? `${hit[0]}:${iri.slice(hit[1].length)}` : "";
  };

  const labelled = async (hints, terms) => {
    const { concepts, prefixes } = await terms();
    const named = Object.fromEntries(
      Object.entries(concepts).map(([iri, label]) => [short(iri, prefixes) || `<${iri}>`, label]),
    );
    for (const hint of hints) {
      const label = named[hint.text];
      if (label) hint.displayText = `${hint.text}  ${label}`;
    }
    return hints;
  };

  /* Teach the editor our names; returns the names of the completers to use. */
  const teach = (Yasqe, terms) => {
    const fork = (kind, options) =>
      Yasqe.forkAutocompleter(kind, { bulk: false, persistenceId: null, ...options }, false);
    fork("prefixes", {
      name: "our-prefixes",
      get: async (_, token) => {
        const start = (token?.autocompletionString || token?.string || "").trim();
        const all = Object.entries((await terms()).prefixes).map(([name, iri]) => `${name}: <${iri}>`);
        return all.filter((each) => each.startsWith(start));
      },
    });
    for (const [kind, name] of [["class", "classes"], ["property", "properties"]]) {
      fork(kind, { name: `our-${name}`, get: async (_, token) => fitting((await terms())[name], token) });
    }
    const property = Yasqe.Autocompleters.property;
    fork("property", {
      name: "our-concepts",
      isValidCompletionPosition: (it) =>
        /^[\w-]+:/.test(it.getCompleteToken().string) && !property.isValidCompletionPosition(it),
      get: async (_, token) => fitting(Object.keys((await terms()).concepts), token),
      postprocessHints: (_, hints) => labelled(hints, terms),
    });
    return ["our-prefixes", "our-classes", "our-properties", "our-concepts", "variables"];
  };

  return { known, short, teach };
})();

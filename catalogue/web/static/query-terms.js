/* What the editor of the query page completes: our prefixes, classes, properties and concepts,
   with their labels. They come from the address in `data-terms`; no other host is asked. */
window.QueryTerms = (() => {
  "use strict";
  const SIMPLE = /^[\w-]*:[\w-]+$/;
  let asked = null;

  /* Everything that is known, asked for once. */
  const known = (address) => {
    asked ??= fetch(address).then((response) => response.json());
    return asked;
  };

  /* The short form of an IRI, or nothing. */
  const short = (iri, prefixes) => {
    const hit = Object.entries(prefixes).find(([, base]) => iri.startsWith(base));
    return hit ? `${hit[0]}:${iri.slice(hit[1].length)}` : "";
  };

  /* What stands before the cursor: a full address, a short name, or the beginning of a word. */
  const typedBefore = (it) => {
    const { line, ch } = it.getDoc().getCursor();
    const [text] = /(<[^\s<>"]*|[\p{L}\p{N}_:.-]*)$/u.exec(it.getDoc().getLine(line).slice(0, ch));
    const to = { line, ch: Math.max(ch, it.getCompleteToken().end) };
    return { text, from: { line, ch: ch - text.length }, to, full: text.startsWith("<") };
  };

  /* The address that it begins with, what should follow, and how to find that part of a name. */
  const wantedBy = ({ text, full }, prefixes) => {
    const [, prefix, rest] = (!full && /^([^:]*):(.*)$/.exec(text)) || [];
    const base = (full ? "" : prefixes[prefix]) ?? "";
    const local = base || full ? (iri) => iri.slice(base.length) : (iri) => iri.split(/[/#]/).pop();
    return { base, rest: (base ? rest : text.replace(/^</, "")).toLowerCase(), local };
  };

  /* How well a name fits, 0 at best: its beginning, a word of its label, a part of either. */
  const fit = (iri, label, { base, rest, local }) => {
    if (!iri.startsWith(base)) return -1;
    const name = local(iri).toLowerCase();
    const said = label.toLowerCase();
    const begins = (word) => word.startsWith(rest);
    return [begins(name), said.split(/[\s()]+/).some(begins), name.includes(rest), said.includes(rest)].indexOf(true);
  };

  /* The names that fit, those that fit best first. */
  const fitting = (iris, labels, wanted) => iris
    .map((iri) => [fit(iri, labels[iri] || "", wanted), iri])
    .filter(([place]) => place >= 0)
    .sort(([one], [other]) => one - other)
    .map(([, iri]) => iri);

  /* Which names the grammar takes at the cursor; nothing where it takes no name. */
  const kindsAt = (it, { prefixes, property, class: type }) => {
    const token = it.getCompleteToken();
    if (/^[?$"'#]/.test(token.string) || prefixes.isValidCompletionPosition(it)) return [];
    if (property.isValidCompletionPosition(it)) return ["properties"];
    if (type.isValidCompletionPosition(it)) return ["classes"];
    return /^<|:/.test(token.string) || takesName(token) ? ["concepts", "classes", "properties"] : [];
  };

  /* Whether a name may stand here, and what was typed does not begin a word of SPARQL. */
  const takesName = ({ string, state: { possibleCurrent: all = [] } }) =>
    all.includes("PNAME_LN") && string && !all.some((each) => each.startsWith(string.toUpperCase()));

  /* IRIs become what is written for them, with their labels beside it. */
  const written = (hints, it, { concepts, prefixes }) => {
    const { from, to, full } = typedBefore(it);
    const names = { ...prefixes, ...it.getPrefixesFromQuery() };
    for (const hint of hints) {
      const label = concepts[hint.text];
      const name = full ? "" : short(hint.text, names);
      hint.text = SIMPLE.test(name) ? name : `<${hint.text}>`;
      Object.assign(hint, { from, to, displayText: label ? `${hint.text}  ${label}` : hint.text });
    }
    return hints;
  };

  /* Prefixes and names are taught as one completer each: of two, the last would hide the first. */
  const teach = (Yasqe, terms) => {
    const { ...taught } = Yasqe.Autocompleters;
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
    fork("property", {
      name: "our-names",
      isValidCompletionPosition: (it) => kindsAt(it, taught).length > 0,
      get: async (it) => {
        const all = await terms();
        const wanted = wantedBy(typedBefore(it), { ...all.prefixes, ...it.getPrefixesFromQuery() });
        return fitting(kindsAt(it, taught).flatMap((kind) => iris(all[kind])), all.concepts, wanted);
      },
      postProcessSuggestion: (_it, _token, iri) => iri,
      postprocessHints: async (it, hints) => written(hints, it, await terms()),
    });
    Yasqe.defaults.autocompleters = ["our-prefixes", "our-names", "variables"];
    return Yasqe.defaults.autocompleters;
  };

  const iris = (names) => (Array.isArray(names) ? names : Object.keys(names));

  return { known, short, teach };
})();

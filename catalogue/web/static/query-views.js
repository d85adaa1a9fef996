/* How the query page shows an answer: as a table, as a chart, raw, yes or no, or what is
   wrong. Each is a plugin of YASR. Values are strangers' words: they only ever become text. */
window.QueryViews = (() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const NUMERIC = /(integer|decimal|double|float|int|long|short|byte)$/i;
  const SIZES = [25, 50, 100, 500, 1000];
  const MOST_BARS = 40;
  const MOST_POINTS = 1000;
  const MOST_TEXT = 200000;
  const LONGEST_CELL = 1000;

  /* Small parts ----------------------------------------------------------------------------- */

  /* An element with properties (attributes where a name has a dash) and content. */
  const make = (name, properties = {}, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes("-") || key === "role") made.setAttribute(key, value);
      else made[key] = value;
    }
    made.append(...content);
    return made;
  };

  const drawn = (name, attributes, ...content) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  };

  const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, place) => values[place]);

  const choice = (label, options, chosen, change) => {
    const select = make("select", {});
    for (const [value, text] of options) {
      select.append(make("option", { value, selected: String(value) === String(chosen) }, text));
    }
    select.addEventListener("change", () => change(select.value));
    return make("label", { className: "view-choice" }, `${label} `, select);
  };

  const region = (label, className, ...content) =>
    make("div", { className, tabIndex: 0, role: "region", "aria-label": label }, ...content);

  /* What came back -------------------------------------------------------------------------- */

  const parsed = new WeakMap();

  /* The bindings as they were sent; YASR's own reading fills in braces that it finds in them. */
  const reading = (results) => {
    if (parsed.has(results)) return parsed.get(results);
    const type = results.getContentType() || "";
    const json = type.includes("sparql-results+json")
      ? JSON.parse(results.getOriginalResponseAsString())
      : results.getAsJson();
    const found = {
      names: json?.head?.vars || [],
      rows: json?.results?.bindings || null,
      yes: typeof json?.boolean === "boolean" ? json.boolean : null,
    };
    parsed.set(results, found);
    return found;
  };

  const read = (results) => {
    if (!results || results.hasError()) return { names: [], rows: null, yes: null };
    try {
      return reading(results);
    } catch {
      return { names: [], rows: null, yes: null };
    }
  };

  const number = (term) => {
    const typed = term?.datatype?.startsWith(XSD) && NUMERIC.test(term.datatype);
    const value = typed ? Number(term.value) : NaN;
    return Number.isFinite(value) ? value : null;
  };

  /* Names of the columns in which everything that is stated is a number. */
  const numericNames = ({ names, rows }) =>
    names.filter((name) => {
      const stated = rows.filter((row) => row[name]);
      return stated.length > 0 && stated.every((row) => number(row[name]) !== null);
    });

  /* Cells ------------------------------------------------------------------------------------ */

  const cut = (text) => (text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text);

  /* What follows `base` in an IRI that begins with it. */
  const after = (base, iri) => (base && iri.startsWith(base) ? iri.slice(base.length) : "");

  /* What an IRI is called, its short form, and where a click leads (a page, when it is ours). */
  const named = (iri, page) => {
    const { prefixes, concepts, codes } = page.terms;
    const ours = after(`${page.base}/`, iri);
    const code = page.short(iri, { ...page.declared(), ...prefixes });
    const name = ours || concepts[iri] || codes[iri] || "";
    return { text: cut(name || code || iri), code: name && !ours ? code : "", href: addressOf(iri, ours, page) };
  };

  /* A graph or a file of ours has no page in a language; its own address leads on. */
  const addressOf = (iri, ours, { language, terms, pages }) => {
    if (ours && pages.test(ours)) return `/${language}/${ours}`;
    const term = after(terms.prefixes.gc, iri);
    if (term) return `/${language}/ns#${term}`;
    return /^https?:\/\//i.test(iri) ? iri : "";
  };

  const words = (term, page) => {
    if (!term) return "";
    return term.type === "uri" ? named(term.value, page).text : cut(String(term.value));
  };

  const iriCell = (term, page) => {
    const { text, code, href } = named(term.value, page);
    const said = href
      ? make("a", { href, rel: "noopener nofollow ugc", title: cut(term.value) }, text)
      : make("span", {}, text);
    return code ? [said, " ", make("span", { className: "code soft" }, code)] : [said];
  };

  const noteOf = (term, page) => {
    const type = term.datatype || "";
    if (term["xml:lang"]) return term["xml:lang"];
    if (!type || type === `${XSD}string` || number(term) !== null) return "";
    return page.short(type, page.terms.prefixes) || type;
  };

  const literalCell = (term, page) => {
    const said = make("span", {}, cut(String(term.value)));
    if (/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(term["xml:lang"] || "")) said.lang = term["xml:lang"];
    const note = noteOf(term, page);
    return note ? [said, " ", make("span", { className: "code soft" }, note)] : [said];
  };

  const cell = (term, numeric, page) => {
    const made = make("td", { className: numeric ? "n" : "" });
    if (term?.type === "uri") made.append(...iriCell(term, page));
    else if (term?.type === "bnode") made.append(make("span", { className: "code soft" }, `_:${term.value}`));
    else if (term) made.append(...literalCell(term, page));
    return made;
  };

  /* The table -------------------------------------------------------------------------------- */

  class Table {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 10;
      this.label = Table.page.words.table;
      this.settings = { filter: "", sort: "", down: false, at: 0 };
    }

    initialize() { return Table.page.ready; }
    canHandleResults() { return read(this.yasr.results).rows !== null; }
    getIcon() { return null; }

    draw(kept) {
      const found = read(this.yasr.results);
      if (this.seen !== this.yasr.results) this.settings = { filter: "", sort: "", down: false, at: 0 };
      this.seen = this.yasr.results;
      this.size = SIZES.includes(kept?.pageSize) ? kept.pageSize : 50;
      this.found = found;
      this.numeric = new Set(numericNames(found));
      this.place = make("div", {});
      this.drawControls();
      this.yasr.resultsEl.append(this.place);
      this.refill();
    }

    drawControls() {
      const { words: say } = Table.page;
      const field = make("input", { className: "input", type: "search", value: this.settings.filter });
      field.addEventListener("input", () => this.change({ filter: field.value, at: 0 }));
      const size = choice(say.pageSize, SIZES.map((each) => [each, String(each)]), this.size, (value) => {
        this.size = Number(value);
        this.yasr.storePluginConfig("table", { pageSize: this.size });
        this.change({ at: 0 });
      });
      this.yasr.pluginControls.replaceChildren(
        make("label", { className: "view-choice" }, `${say.filter} `, field), size);
    }

    change(settings) {
      Object.assign(this.settings, settings);
      this.refill();
    }

    /* The rows that fit the filter, in the order that was chosen. */
    chosen() {
      const { filter, sort, down } = this.settings;
      const wanted = filter.trim().toLowerCase();
      const { page } = Table;
      const fits = (row) => this.found.names.some((name) =>
        row[name] && `${words(row[name], page)}\n${row[name].value}`.toLowerCase().includes(wanted));
      const rows = wanted ? this.found.rows.filter(fits) : [...this.found.rows];
      return sort ? rows.sort(this.order(sort, down ? -1 : 1)) : rows;
    }

    /* Numbers by size, other values by alphabet; what is not stated stands last. */
    order(name, sign) {
      const { page } = Table;
      const compare = new Intl.Collator(page.language, { numeric: true }).compare;
      const by = this.numeric.has(name)
        ? (a, b) => number(a) - number(b)
        : (a, b) => compare(words(a, page), words(b, page));
      return ({ [name]: a }, { [name]: b }) => {
        if (a && b) return sign * by(a, b);
        return Number(!a) - Number(!b);
      };
    }

    refill() {
      const focus = this.place.contains(document.activeElement) && document.activeElement.dataset.place;
      const rows = this.chosen();
      const last = Math.max(0, Math.ceil(rows.length / this.size) - 1);
      this.settings.at = Math.min(this.settings.at, last);
      const from = this.settings.at * this.size;
      this.place.replaceChildren(...(rows.length
        ? [...this.table(rows.slice(from, from + this.size), from), ...this.pages(rows.length, from, last)]
        : [this.nothing()]));
      if (focus) this.refocus(focus);
    }

    /* Where it was, or on the other button when there is no further page that way. */
    refocus(place) {
      const wanted = this.place.querySelector(`[data-place="${CSS.escape(place)}"]`);
      (wanted?.disabled ? this.place.querySelector(".view-pages button:enabled") : wanted)?.focus();
    }

    nothing() {
      const { words: say } = Table.page;
      const all = this.found.rows.length;
      return make("p", { role: "status" }, all ? fill(say.noRow, all) : say.nothing);
    }

    table(rows, from) {
      const { page } = Table;
      const head = this.found.names.map((name) => this.head(name));
      const body = rows.map((row, place) => make("tr", {},
        make("td", { className: "row-number soft n" }, String(from + place + 1)),
        ...this.found.names.map((name) => cell(row[name], this.numeric.has(name), page))));
      const number = make("td", { className: "row-number", "aria-hidden": "true" });
      const made = make("table", { className: "table answer-table" },
        make("thead", {}, make("tr", {}, number, ...head)), make("tbody", {}, ...body));
      return [make("p", { className: "scroll-hint" }, page.words.scroll),
        region(page.words.asTable, "table-scroll", made)];
    }

    head(name) {
      const { sort, down } = this.settings;
      const way = sort !== name ? "none" : down ? "descending" : "ascending";
      const mark = { none: "↕", ascending: "↑", descending: "↓" }[way];
      const button = make("button", { type: "button", className: "sort-head", "data-place": `sort-${name}` },
        name, make("span", { "aria-hidden": "true" }, ` ${mark}`));
      button.addEventListener("click", () => this.change(
        way === "descending" ? { sort: "", down: false } : { sort: name, down: way === "ascending" }));
      const head = make("th", { scope: "col", "aria-sort": way }, button);
      if (this.numeric.has(name)) head.className = "n";
      return head;
    }

    pages(all, from, last) {
      const { words: say } = Table.page;
      const shown = fill(say.shown, from + 1, Math.min(from + this.size, all), all);
      const step = (text, place, to) => {
        const button = make("button", {
          type: "button", className: "button button--quiet button--small", "data-place": place,
          disabled: to < 0 || to > last,
        }, text);
        button.addEventListener("click", () => this.change({ at: to }));
        return button;
      };
      const { at } = this.settings;
      const buttons = last
        ? [step(say.previous, "previous", at - 1), step(say.next, "next", at + 1)]
        : [];
      return [make("p", { className: "actions view-pages" },
        make("span", { className: "soft", role: "status" }, shown), ...buttons)];
    }

    destroy() { this.yasr.pluginControls.replaceChildren(); }
  }

  /* The chart -------------------------------------------------------------------------------- */

  const KINDS = ["bars", "line", "pie"];

  const distinct = (texts) => new Set(texts).size === texts.length;

  /* Names of the columns that say what a number is about. */
  const labelNames = (found) => {
    const numbers = numericNames(found);
    const others = found.names.filter((name) => !numbers.includes(name));
    return others.length ? others : found.names;
  };

  /* Whether what would be drawn has no two rows that are called the same. */
  const toldApart = (found) => {
    const names = labelNames(found);
    return distinct(found.rows.slice(0, MOST_POINTS).map((row) =>
      JSON.stringify(names.map((name) => [row[name]?.type, row[name]?.value, row[name]?.["xml:lang"]]))));
  };

  class Chart {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 5;
      this.label = Chart.page.words.chart;
    }

    initialize() { return Chart.page.ready; }
    getIcon() { return null; }

    canHandleResults() {
      const found = read(this.yasr.results);
      return found.rows !== null && found.rows.length > 1 && numericNames(found).length > 0 && toldApart(found);
    }

    draw(kept) {
      this.found = read(this.yasr.results);
      this.numbers = numericNames(this.found);
      this.labels = labelNames(this.found);
      const { names } = this.found;
      this.kind = KINDS.includes(kept?.kind) ? kept.kind : "bars";
      this.number = names.includes(this.number) ? this.number : this.numbers[this.numbers.length - 1];
      const reading = ["title", "name", "label"].find((name) => this.labels.includes(name));
      this.name = names.includes(this.name) ? this.name : reading || this.labels[0];
      this.place = make("figure", { className: "bars" });
      this.yasr.resultsEl.append(this.place);
      this.drawControls();
      this.refill();
    }

    drawControls() {
      const { words: say } = Chart.page;
      const kinds = KINDS.map((each) => [each, say[each]]);
      const columns = (names) => names.map((name) => [name, name]);
      const set = (key) => (value) => {
        this[key] = value;
        if (key === "kind") this.yasr.storePluginConfig("chart", { kind: value });
        this.refill();
      };
      this.yasr.pluginControls.replaceChildren(
        choice(say.kind, kinds, this.kind, set("kind")),
        choice(say.ofColumn, columns(this.numbers), this.number, set("number")),
        choice(say.byColumn, columns(this.found.names), this.name, set("name")));
    }

    /* Labels with their numbers, in the order of the answer. */
    points(most) {
      const stated = this.found.rows
        .filter((row) => row[this.number] && number(row[this.number]) !== null).slice(0, most);
      const all = [this.name, ...this.labels.filter((name) => name !== this.name)];
      const ways = [[[this.name], false], [all, false], [all, true]]
        .map(([names, coded]) => stated.map((row) => this.called(row, names, coded)));
      const labels = ways.find((texts) => distinct(texts.map((each) => each.label))) || ways[2];
      return stated.map((row, place) => ({
        ...labels[place],
        said: row[this.number].value,
        value: number(row[this.number]),
      }));
    }

    /* What a row is called after some of its columns, with the language that they share. */
    called(row, names, coded) {
      const terms = names.map((name) => row[name]).filter(Boolean);
      const texts = terms.map((term) => {
        const { code } = coded && term.type === "uri" ? named(term.value, Chart.page) : {};
        return code ? `${words(term, Chart.page)} (${code})` : words(term, Chart.page);
      });
      const tags = new Set(terms.map((term) => term["xml:lang"] || ""));
      return { label: texts.join(" · ") || Chart.page.words.unstated, lang: tags.size === 1 ? [...tags][0] : "" };
    }

    refill() {
      const points = this.points(this.kind === "line" ? MOST_POINTS : MOST_BARS);
      const below = points.some((each) => each.value < 0);
      const draw = { bars, line, pie }[below ? "line" : this.kind];
      const say = Chart.page.words;
      const some = points.length < this.found.rows.length
        ? [make("span", { className: "soft" }, ` ${fill(say.firstRows, points.length)}`)] : [];
      this.place.replaceChildren(
        make("figcaption", {}, make("strong", {}, this.number), ...some), draw(points));
    }

    destroy() { this.yasr.pluginControls.replaceChildren(); }
  }

  const shares = (points) => {
    const longest = Math.max(...points.map((each) => each.value), 0);
    return points.map(({ value }) => (value && longest ? Math.max(1, Math.round((100 * value) / longest)) : 0));
  };

  const labelOf = ({ label, lang }) => make("span", { className: "bars-name", lang }, label);

  const bars = (points) => {
    const found = shares(points);
    return make("ul", {}, ...points.map((each, place) => make("li", {}, labelOf(each),
      make("span", { className: "bars-line", "aria-hidden": "true" },
        make("i", { className: `share-${found[place]}` })),
      make("span", { className: "num" }, each.said))));
  };

  /* A line with its ends and extremes written out; every number stands in the table. */
  const line = (points) => {
    const values = points.map((each) => each.value);
    const low = Math.min(0, ...values);
    const high = Math.max(0, ...values) || 1;
    const x = (place) => 10 + (place * 780) / Math.max(1, points.length - 1);
    const y = (value) => 210 - ((value - low) * 190) / (high - low || 1);
    const path = points.map((each, place) => `${x(place).toFixed(1)},${y(each.value).toFixed(1)}`).join(" ");
    const rule = (value) => drawn("line", { x1: 10, x2: 790, y1: y(value), y2: y(value), class: "line-rule" });
    const dots = points.map((each, place) => drawn("circle",
      { cx: x(place), cy: y(each.value), r: points.length > 100 ? 1.5 : 4, class: "line-dot" },
      drawn("title", {}, `${each.label}: ${each.said}`)));
    const picture = drawn("svg", { viewBox: "0 0 800 220", class: "line", role: "img", "aria-label": summary(points) },
      rule(low), rule(high), drawn("polyline", { points: path, class: "line-path" }), ...dots);
    const [first, last] = [points[0], points[points.length - 1]];
    const ends = [first, last].map((each) => make("span", {}, `${each.label}: ${each.said}`));
    const axis = make("p", { className: "line-axis num soft", "aria-hidden": "true" },
      ...[high, low].map((value) => make("span", {}, String(value))));
    return make("div", {}, make("div", { className: "line-frame" }, axis, picture),
      make("p", { className: "line-ends soft" }, ...ends));
  };

  const summary = (points) => points.slice(0, 10).map((each) => `${each.label}: ${each.said}`).join(", ");

  const MOST_SLICES = 8;

  /* The largest, in the order of the answer; all others are one slice. */
  const largest = (points) => {
    if (points.length <= MOST_SLICES) return points;
    const ranked = [...points].sort((one, other) => other.value - one.value);
    const kept = new Set(ranked.slice(0, MOST_SLICES - 1));
    const rest = ranked.slice(kept.size);
    const value = rest.reduce((so, each) => so + each.value, 0);
    const label = fill(Chart.page.words.others, rest.length);
    return [...points.filter((each) => kept.has(each)), { label, lang: "", value, said: decimal(value) }];
  };

  const decimal = (value) =>
    new Intl.NumberFormat(Chart.page.language, { useGrouping: false, maximumFractionDigits: 6 }).format(value);

  const swatch = (place) => drawn("svg", { viewBox: "0 0 8 8", class: "swatch", "aria-hidden": "true" },
    drawn("line", { x1: 0, x2: 8, y1: 4, y2: 4, class: `slice slice-${place}` }));

  const slice = ({ label, said }, place, share, turned) => drawn("circle", {
    cx: 21, cy: 21, r: 15.9155, class: `slice slice-${place}`,
    "stroke-dasharray": `${share} ${100 - share}`, "stroke-dashoffset": 25 - turned,
  }, drawn("title", {}, `${label}: ${said}`));

  /* The number of a slice in the list, beside the slice; a thin one goes without. */
  const numeral = (place, share, turned) => {
    if (share < 3) return [];
    const angle = ((turned + share / 2) / 100) * 2 * Math.PI;
    const at = { x: 25 + 22.5 * Math.sin(angle), y: 25 - 22.5 * Math.cos(angle) };
    return [drawn("text", { ...at, class: "pie-number" }, String(place + 1))];
  };

  /* Slices are told apart by their number in the list and their share, never by colour alone. */
  const pie = (all) => {
    const points = largest(all);
    const sum = points.reduce((so, each) => so + each.value, 0) || 1;
    const share = (each) => (100 * each.value) / sum;
    const turned = (place) => points.slice(0, place).reduce((so, each) => so + share(each), 0);
    const round = drawn("g", { transform: "translate(4 4)" },
      ...points.map((each, place) => slice(each, place, share(each), turned(place))));
    const numbers = points.flatMap((each, place) => numeral(place, share(each), turned(place)));
    return make("div", { className: "pie" },
      drawn("svg", { viewBox: "0 0 50 50", role: "img", "aria-label": summary(points) }, round, ...numbers),
      legend(points, sum));
  };

  const legend = (points, sum) => {
    const percent = new Intl.NumberFormat(Chart.page.language, { style: "percent", maximumFractionDigits: 1 });
    return make("ol", {}, ...points.map((each, place) => make("li", {}, swatch(place),
      make("span", { className: "num" }, String(place + 1)), labelOf(each),
      make("span", { className: "num" }, `${each.said} (${percent.format(each.value / sum)})`))));
  };

  /* The raw answer, yes or no, and what is wrong --------------------------------------------------- */

  class Raw {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 1;
      this.label = Raw.page.words.response;
    }

    canHandleResults() { return !!this.yasr.results && !this.yasr.results.hasError(); }
    getIcon() { return null; }

    draw() {
      const { words: say } = Raw.page;
      const text = this.yasr.results.getOriginalResponseAsString() || "";
      const type = (this.yasr.results.getContentType() || "").split(";")[0];
      const more = text.length > MOST_TEXT ? [make("p", { className: "soft" }, say.cut)] : [];
      this.yasr.resultsEl.append(
        make("p", { className: "soft" }, type), ...more,
        make("pre", { className: "tall", tabIndex: 0, role: "region", "aria-label": say.response },
          make("code", {}, text.slice(0, MOST_TEXT))));
    }
  }

  class YesNo {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 20;
      this.hideFromSelection = true;
    }

    canHandleResults() { return read(this.yasr.results).yes !== null; }
    getIcon() { return null; }

    draw() {
      const { words: say } = YesNo.page;
      const { yes } = read(this.yasr.results);
      this.yasr.resultsEl.append(make("p", { className: "yes-no" }, yes ? say.yes : say.no));
    }
  }

  /* The problem that the endpoint told: a sentence, its status, and the place that it names. */
  const problemOf = (results, page) => {
    const { words: say } = page;
    if (results.error?.name === "AbortError") return { detail: say.stopped };
    if (results.error instanceof TypeError) return { detail: page.unmet(results.error) ? say.unreachable : say.broken };
    try {
      return JSON.parse(results.getError()?.text);
    } catch {
      return { detail: say.unreachable };  /* our endpoint answers in JSON: this is somebody between */
    }
  };

  const placeIn = (detail) => {
    const found = /line (\d+), column (\d+)/.exec(detail || "");
    return found ? { line: Number(found[1]) - 1, ch: Number(found[2]) - 1 } : null;
  };

  class Problem {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 30;
      this.hideFromSelection = true;
    }

    canHandleResults() { return !!this.yasr.results && this.yasr.results.hasError(); }
    getIcon() { return null; }

    draw() {
      const { page } = Problem;
      const told = problemOf(this.yasr.results, page);
      const { place, detail, own } = this.wrong(told, placeIn(told.detail), page);
      const problem = { ...told, detail };
      const notice = make("div", { className: "notice notice--danger", role: "alert" },
        make("h2", {}, page.words[problem.cause] || page.words[`status${problem.status}`] || page.words.noAnswer),
        ...this.helped(page.words[`${problem.cause}-help`] || this.waited(problem, page)),
        this.said(String(problem.detail || ""), own, page));
      if (place) notice.append(this.shower(place));
      this.yasr.resultsEl.append(notice);
      if (place) this.yasr.rootEl.dispatchEvent(new CustomEvent("wrong", { detail: place }));
    }

    helped(help) { return help ? [make("p", {}, help)] : []; }

    /* What helps who asked too often, with the seconds where they are told. */
    waited({ status, wait }, { words: say }) {
      if (status !== 429) return "";
      return wait ? fill(say.waitSeconds, wait) : say.wait;
    }

    /* Its sentence: that of the endpoint is English, and called technical in another language. */
    said(detail, own, { language, words: say }) {
      if (own || language === "en") return make("p", {}, detail);
      return make("p", {}, `${say.technical} `, make("span", { lang: "en" }, detail));
    }

    /* Where and what is wrong; the editor, which marks an earlier place, is believed. */
    wrong({ status, detail }, place, page) {
      const marked = place && page.wrongIn(this.yasr);
      const earlier = marked && (marked.line - place.line || marked.ch - place.ch) < 0;
      if (!earlier) return { place, detail, own: !status };
      return { place: { line: marked.line, ch: marked.ch }, detail: marked.says, own: true };
    }

    shower(place) {
      const text = fill(Problem.page.words.toPlace, place.line + 1, place.ch + 1);
      const button = make("button", { type: "button", className: "button button--quiet button--small" }, text);
      button.addEventListener("click", () =>
        this.yasr.rootEl.dispatchEvent(new CustomEvent("go", { detail: place })));
      return make("p", {}, button);
    }
  }

  /* Put these in the place of YASR's own. `page` is what they need to know of the page. */
  const install = (Yasr, page) => {
    const views = { table: Table, chart: Chart, response: Raw, boolean: YesNo, error: Problem };
    for (const [name, View] of Object.entries(views)) {
      View.page = page;
      Yasr.registerPlugin(name, View);
    }
    Yasr.defaults.pluginOrder = Object.keys(views);
    Yasr.defaults.defaultPlugin = "table";
  };

  return { install, make, fill };
})();

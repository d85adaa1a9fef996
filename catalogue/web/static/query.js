/* The query page, made handier: YASGUI takes the place of the form, with our endpoint, names,
   examples and words. Without this script the form and its links do the same.
   Nothing is asked of any other host. Tabs are kept in this browser, not in a cookie. */
(() => {
  "use strict";
  const root = document.getElementById("yasgui");
  const form = document.getElementById("query-form");
  if (!root || !form || !window.Yasgui) return;

  const { make, fill } = window.QueryViews;
  const say = JSON.parse(root.dataset.words);
  const endpoint = new URL(root.dataset.endpoint, location.href).href;
  const LONGEST = 8000;
  const begin = document.getElementById("query").defaultValue;
  let yasgui = null;

  const names = window.QueryTerms.known(root.dataset.terms);
  const page = {
    words: say,
    base: root.dataset.base,
    pages: new RegExp(root.dataset.pages),
    language: document.documentElement.lang,
    terms: { prefixes: {}, concepts: {}, codes: {}, examples: {} },
    short: window.QueryTerms.short,
    wrongIn: (yasr) => {
      const tab = Object.values(yasgui._tabs).find((each) => each.getYasr() === yasr);
      return tab ? firstWrong(tab.getYasqe()) : null;
    },
    unmet: (error) => unmet.has(error),
    declared: () => yasgui?.getTab()?.getYasqe()?.getPrefixesFromQuery() || {},
  };
  page.ready = names.then((terms) => { page.terms = terms; }, () => {});

  /* How we ask ------------------------------------------------------------------------------- */

  const short = (query) => encodeURIComponent(query).length < LONGEST;
  const textOf = (tab) => tab.getYasqe()?.getValue() ?? tab.getPersistedJson().yasqe.value;

  const requestConfig = {
    endpoint,
    method: (it) => (short(textOf(it.getTab())) ? "GET" : "POST"),
    acceptHeaderSelect: "application/sparql-results+json",
    acceptHeaderGraph: "text/turtle",
    namedGraphs: [],
    defaultGraphs: [],
    args: [],
    headers: {},
  };

  /* YASGUI shows no headers; how long to wait is told in one, so it goes along with the problem. */
  const withWait = async (response) => {
    if (response.status !== 429) return response;
    const told = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("Retry-After")) || 0;
    return Response.json({ ...told, status: 429, wait }, { status: 429 });
  };

  /* A browser tells in the same way of an answer that broke off, and of none at all. */
  const { fetch: send } = window;
  const unmet = new WeakSet();
  window.fetch = (...what) => send(...what).then(withWait, (error) => {
    if (error instanceof TypeError) unmet.add(error);
    throw error;
  });

  const ask = (tab) => tab.query().catch(() => { /* the answer says what is wrong */ });

  /* The address and the link ------------------------------------------------------------------ */

  const here = location.href.split(/[?#]/)[0];

  /* The address, and with it the links to this page in another language. */
  const setAddress = (hash) => {
    history.replaceState(null, "", here + hash);
    for (const link of document.querySelectorAll(".masthead a[hreflang]")) {
      Object.assign(link, { search: "", hash });
    }
  };

  const keepAddress = (query) => setAddress(`#query=${encodeURIComponent(query)}`);

  /* A tab that has an answer stands in the address; the question of another tab does not. */
  const settleAddress = (tab) => {
    if (tab.hasResults()) keepAddress(textOf(tab));
    else if (/[?#&](query|example)=/.test(location.href)) setAddress("");
  };

  const linkTo = (query) => {
    const encoded = encodeURIComponent(query);
    return `${here}${short(query) ? "?" : "#"}query=${encoded}`;
  };

  const fromAddress = () => {
    const said = new URLSearchParams(location.hash.slice(1)).get("query");
    return said || (root.dataset.asked ? begin : "");
  };

  /* One tab: its buttons, and below the answer what can be taken away -------------------------- */

  const button = (text, act, more = "") => {
    const made = make("button", { type: "button", className: `button button--small ${more}` }, text);
    made.addEventListener("click", act);
    return made;
  };

  /* Everything that is not in an element or around it. */
  const outside = (element) => {
    const found = [];
    for (let at = element; at !== document.body; at = at.parentElement) {
      found.push(...[...at.parentElement.children].filter((each) => each !== at && !each.inert));
    }
    return found;
  };

  /* Leaves the tab that fills the screen, when there is one. */
  let leaveFull = null;

  const fillScreen = (tab, it) => {
    const others = outside(tab.rootEl);
    const set = (full) => {
      tab.rootEl.classList.toggle("query-full", full);
      document.documentElement.classList.toggle("has-full", full);
      for (const each of others) each.inert = full;
      it.textContent = full ? say.leaveFull : say.full;
      leaveFull = full ? () => set(false) : null;
      tab.getYasqe()?.refresh();
    };
    set(true);
  };

  /* Escape closes a list of names first. */
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector(".CodeMirror-hints")) leaveFull?.();
  }, true);

  const bar = (tab) => {
    const quiet = "button--quiet";
    const asks = make("button", { type: "button", className: "button query-ask" }, say.ask);
    asks.addEventListener("click", () => (tab.getYasqe().req ? tab.getYasqe().abortQuery() : ask(tab)));
    const full = button(say.full, () => (leaveFull ? leaveFull() : fillScreen(tab, full)), quiet);
    const tidy = button(say.tidy, () => tab.getYasqe().autoformat(), quiet);
    return make("div", { className: "actions query-bar" }, asks, tidy, full,
      make("span", { className: "soft query-busy", role: "status" }));
  };

  const copyLine = (label, value) => {
    const field = make("input", { className: "input", readOnly: true, value });
    const line = make("span", { className: "link-line" }, field);
    if (navigator.clipboard) {
      line.append(button(say.copy, () => navigator.clipboard.writeText(value), "button--quiet"));
    }
    return make("label", { className: "link-label" }, label, line);
  };

  const programs = async (query) => {
    const response = await fetch(root.dataset.programs, { method: "POST", body: new URLSearchParams({ query }) });
    const found = response.ok ? (await response.json()).programs : [];
    return found.map(({ name, code }) => make("details", { className: "disclosure" },
      make("summary", {}, fill(say.sameIn, name)),
      make("pre", { tabIndex: 0, role: "region", "aria-label": name }, make("code", {}, code))));
  };

  const hidden = (name, value) => make("input", { type: "hidden", name, value });

  const downloads = (query, graph) => {
    const formats = graph
      ? [["Turtle", "turtle"], ["JSON-LD", "json-ld"], ["RDF/XML", "rdf-xml"], ["N-Triples", "n-triples"]]
      : [["CSV", "csv"], ["TSV", "tsv"], ["JSON", "json"], ["XML", "xml"]];
    const buttons = formats.map(([name, value]) => make("button",
      { className: "button button--quiet button--small", name: "format", value }, name));
    return make("form", { className: "actions", method: "post", action: endpoint, target: "_blank" },
      make("span", {}, say.everything), hidden("query", query), hidden("csv", "safe"), hidden("download", "yes"), ...buttons);
  };

  /* What can be taken away: the whole answer as a file, a link, and programs. */
  const offer = async (tab) => {
    const query = textOf(tab);
    const graph = /^(CONSTRUCT|DESCRIBE)$/.test(tab.getYasqe().getQueryType() || "");
    const failed = !tab.hasResults() || tab.getYasr().results.hasError();
    const link = copyLine(say.link, linkTo(query));
    const note = short(query) ? [] : [make("p", { className: "soft" }, say.longLink)];
    const files = failed ? [] : [downloads(query, graph)];
    tab.takeaway.replaceChildren(...files, link, ...note, ...(failed ? [] : await programs(query)));
  };

  const mark = (tab, place) => {
    const editor = tab.getYasqe();
    tab.wrongMark?.clear();
    const line = Math.min(place.line, editor.getDoc().lineCount() - 1);
    const word = editor.getTokenAt({ line, ch: place.ch + 1 });
    const end = { line, ch: Math.max(word.end, place.ch + 1) };
    const from = { line, ch: Math.min(place.ch, Math.max(0, editor.getDoc().getLine(line).length - 1)) };
    tab.wrongMark = editor.getDoc().markText(from, end, { className: "query-wrong" });
  };

  const goTo = (tab, place) => {
    tab.getYasqe().getDoc().setCursor(place);
    tab.getYasqe().focus();
  };

  /* YASGUI without what would be asked elsewhere, and with words in two languages -------------- */

  const settleTab = (Tab) => {
    const { initYasqe, initYasr, close } = Tab.prototype;
    Object.assign(Tab.prototype, {
      initTabSettingsMenu() {},
      initEndpointSelectField() {},
      initYasqe() {
        initYasqe.call(this);
        becomeEditor(this.getYasqe());
      },
      initYasr() {
        this.takeaway = make("div", { className: "stack after-answer" });
        this.yasrWrapperEl.before(bar(this));
        this.yasrWrapperEl.after(this.takeaway);
        forgetAnswer(this.getPersistedJson());
        initYasr.call(this);
        const { rootEl } = this.getYasr();
        rootEl.addEventListener("wrong", ({ detail }) => mark(this, detail));
        rootEl.addEventListener("go", ({ detail }) => goTo(this, detail));
        this.yasrWrapperEl.tabIndex = -1;
        this.yasrWrapperEl.setAttribute("role", "region");
        this.yasrWrapperEl.setAttribute("aria-label", say.answer);
      },
      close() {
        if (Object.keys(this.yasgui._tabs).length === 1) this.yasgui.addTab(true);
        close.call(this);
        settleTabs();
        keepFocus();
      },
    });
  };

  /* What was public when it was asked may be withdrawn since: no answer outlives its visit. */
  const forgetAnswer = (kept) => {
    if (kept?.yasr) kept.yasr.response = undefined;
  };

  const forgetAnswers = ({ persistentConfig: kept }) => {
    const { tabConfig, lastClosedTab } = kept.persistedJson;
    for (const each of [...Object.values(tabConfig), lastClosedTab?.tab]) forgetAnswer(each);
    kept.toStorage();
  };

  const becomeEditor = (editor) => {
    const field = editor.getInputField();
    field.setAttribute("aria-label", say.query);
    const keys = editor.getOption("extraKeys");
    editor.setOption("extraKeys", { ...keys, Tab: false, "Shift-Tab": false, "Ctrl-S": undefined });
  };

  /* The editor's own mark of a mistake explains itself with styles that our security forbids. */
  const settleEditor = (Yasqe) => {
    Yasqe.defaults.editorHeight = "auto";
    Object.assign(Yasqe.prototype, {
      drawButtons() {},
      checkSyntax() {
        this.clearGutter("gutterErrorBar");
        const wrong = firstWrong(this);
        this.queryValid = !wrong;
        if (wrong) this.setGutterMarker(wrong.line, "gutterErrorBar", sign(wrong.says));
      },
    });
  };

  /* The first line after which the text cannot go on, with what the grammar knows there. */
  const firstWrong = (editor) => {
    const text = editor.getDoc();
    for (let line = 0; line < text.lineCount(); line += 1) {
      const { state } = editor.getTokenAt({ line, ch: text.getLine(line).length }, true);
      editor.setOption("queryType", state.queryType);
      if (!state.OK) return { line, ch: badPart(editor, line), says: expected(state) };
    }
    return null;
  };

  /* Where in a line the grammar cannot go on. */
  const badPart = (editor, line) =>
    editor.getLineTokens(line, true).find(({ state, type }) => !state.OK || /error/.test(type || ""))?.start ?? 0;

  /* What the grammar has names for, as it is written. */
  const WRITTEN = {
    VAR1: "?x", VAR2: "?x", IRI_REF: "<https://…>", PNAME_LN: "dct:title", PNAME_NS: "dct:title", ANON: "[]",
    BLANK_NODE_LABEL: "_:x", INTEGER: "1", DECIMAL: "1.0", DOUBLE: "1e0", NIL: "()", LANGTAG: "@nl",
    STRING_LITERAL1: "'…'", STRING_LITERAL2: "'…'", STRING_LITERAL_LONG1: "'…'", STRING_LITERAL_LONG2: "'…'",
  };

  const expected = ({ possibleCurrent = [] }) => {
    const words = new Set(possibleCurrent.map((each) => WRITTEN[each] || each));
    return `${say.expected} ${[...words].slice(0, 12).join(" ")}`;
  };

  const sign = (title) =>
    make("span", { className: "parseErrorIcon", title, role: "img", "aria-label": title }, "!");

  const settleResults = (Yasr) => {
    const { drawPluginSelectors, updatePluginSelectors } = Yasr.prototype;
    Object.assign(Yasr.prototype, {
      drawHeader() {
        this.drawPluginSelectors();
        this.dataElement = make("p", { className: "yasr_response_chip soft", role: "status" });
        this.pluginControls = make("div", { className: "yasr_plugin_control" });
        this.headerEl.append(this.dataElement, this.pluginControls);
      },
      drawPluginSelectors() {
        drawPluginSelectors.call(this);
        for (const each of this.pluginSelectorsEl.querySelectorAll("button")) each.removeAttribute("aria-label");
      },
      updatePluginSelectors(fitting) {
        updatePluginSelectors.call(this, fitting);
        for (const each of this.pluginSelectorsEl?.querySelectorAll("button") || []) {
          each.setAttribute("aria-pressed", String(each.classList.contains("selected")));
          each.parentElement.hidden = each.classList.contains("disabled");
        }
      },
      updateResponseInfo() {
        this.rootEl.hidden = !this.results;
        this.headerEl.hidden = !this.results || this.results.hasError();
        this.dataElement.textContent = this.results ? told(this.results) : "";
      },
      updateHelpButton() {},
      fillFallbackBox() {},
    });
  };

  /* How long it took; how many there are stands below the table. */
  const told = (results) => {
    const milliseconds = results.getResponseTime();
    if (results.hasError() || !milliseconds) return "";
    const seconds = new Intl.NumberFormat(page.language, { maximumFractionDigits: 2 }).format(milliseconds / 1000);
    return fill(say.took, seconds);
  };

  /* Tabs ------------------------------------------------------------------------------------- */

  const holding = (query) =>
    Object.values(yasgui._tabs).find((tab) => textOf(tab).trim() === query.trim());

  /* Show a question in the tab that already has it, in an untouched tab, or in one of its own. */
  const open = (query, called) => {
    const found = holding(query);
    if (found) yasgui.selectTabId(found.getId());
    else yasgui.addTab(true, { yasqe: { value: query } });
    if (called) yasgui.getTab().setName(called);
    settleTabs();
    return yasgui.getTab();
  };

  const phone = matchMedia("(width < 48rem)");

  /* On a phone the answer stands far below the question: bring it into view. */
  const lead = (tab, place) => {
    if (!phone.matches || tab !== yasgui.getTab() || tab.getYasqe().hasFocus()) return;
    place.scrollIntoView({ block: "start" });
    tab.yasrWrapperEl.focus({ preventScroll: true });
  };

  const openAndAsk = async (query, called) => {
    const tab = open(query, called);
    lead(tab, tab.rootEl.querySelector(".query-bar"));
    await ask(tab);
    await page.ready;
    lead(tab, tab.yasrWrapperEl);
  };

  /* YASGUI names things in English only; and a tab must not be closed by a key meant for its name. */
  const settleTabs = () => {
    for (const each of root.querySelectorAll(".closeTab")) each.title = say.closeTab;
    for (const each of root.querySelectorAll(".tab input")) each.setAttribute("aria-label", say.tabName);
    const list = root.querySelector(".tabsList");
    list.setAttribute("aria-label", say.tabs);
    reopener.disabled = !yasgui.persistentConfig.hasLastClosedTab();
    settleAddress(yasgui.getTab());
  };

  const step = (list, event) => {
    const tabs = [...list.querySelectorAll("[role=tab]")];
    const at = tabs.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tabs[(to + tabs.length) % tabs.length].click();
    tabs[(to + tabs.length) % tabs.length].focus();
  };

  const focusTab = () => root.querySelector("[role=tab][aria-selected=true]")?.focus();

  /* What had the focus may be gone, or no longer be something that can have it. */
  const keepFocus = () => {
    const { activeElement: at } = document;
    if (at === document.body || at?.disabled) focusTab();
  };

  const watchTabs = (list) => {
    list.addEventListener("contextmenu", (event) => event.stopPropagation(), true);
    list.addEventListener("keydown", (event) => {
      if (event.target instanceof HTMLInputElement) event.stopPropagation();
      else step(list, event);
    }, true);
    list.addEventListener("keyup", (event) => {
      if (event.target instanceof HTMLInputElement && event.key === "Enter") focusTab();
    });
  };

  const reopener = button(say.reopen, () => { yasgui.restoreLastTab(); settleTabs(); focusTab(); }, "button--quiet");

  const copied = () => {
    const { name: called, yasqe } = yasgui.getTab().getPersistedJson();
    yasgui.addTab(true, { name: yasgui.createTabName(called), yasqe: { value: textOf(yasgui.getTab()) || yasqe.value } });
    settleTabs();
  };

  const rename = () => {
    const tab = yasgui.tabElements.get(yasgui.getTab().getId());
    tab.startRename();
    tab.renameEl.select();
  };

  const tabTools = () => make("div", { className: "actions tab-tools" },
    button(say.newTab, () => { yasgui.addTab(true); settleTabs(); }, "button--quiet"),
    button(say.copyTab, copied, "button--quiet"),
    button(say.renameTab, rename, "button--quiet"),
    button(say.closeTab, () => yasgui.getTab().close(), "button--quiet"),
    reopener);

  /* Together ---------------------------------------------------------------------------------- */

  /* While a question is asked, what stands below it answers another one. */
  const busy = (tab, text) => {
    tab.yasrWrapperEl.setAttribute("aria-busy", String(!!text));
    for (const each of [tab.getYasr().rootEl, tab.takeaway]) each.inert = !!text;
    tab.rootEl.querySelector(".query-busy").textContent = text;
    tab.rootEl.querySelector(".query-ask").textContent = text ? say.stop : say.ask;
  };

  const listen = () => {
    yasgui.on("query", (_, tab) => {
      tab.wrongMark?.clear();
      busy(tab, say.asking);
      keepAddress(textOf(tab));
    });
    yasgui.on("queryAbort", (_, tab) => busy(tab, ""));
    yasgui.on("queryResponse", (_, tab) => {
      busy(tab, "");
      queueMicrotask(() => offer(tab));
    });
    yasgui.on("tabSelect", (_, id) => {
      leaveFull?.();
      settleAddress(yasgui.getTab(id));
    });
    addEventListener("hashchange", () => {
      const query = new URLSearchParams(location.hash.slice(1)).get("query");
      if (query) openAndAsk(query);
    });
  };

  const offerExamples = () => {
    document.querySelector(".question-list").addEventListener("click", (event) => {
      const link = event.target.closest("a[data-example]");
      const query = page.terms.examples?.[link?.dataset.example];
      if (!query || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      openAndAsk(query, link.textContent);
      if (phone.matches) return;
      root.scrollIntoView({ block: "start" });
      yasgui.getTab().getYasqe().focus();
    });
  };

  const build = () => new window.Yasgui(root, {
    autofocus: false,
    copyEndpointOnNewTab: false,
    populateFromUrl: false,
    persistenceId: "genoomcatalogus",
    tabName: say.question,
    endpointCatalogueOptions: { getData: () => [], keys: [] },
    requestConfig,
    yasqe: {
      value: fromAddress() || begin,
      autocompleters: window.QueryTerms.teach(window.Yasgui.Yasqe, () => names),
      showQueryButton: false,
      resizeable: false,
      viewportMargin: Infinity,
      prefixCcApi: null,
    },
    yasr: { prefixes: () => page.terms.prefixes, maxPersistentResponseSize: 0 },
  });

  /* Tabs that cannot be read are forgotten, once. */
  const built = () => {
    try {
      return build();
    } catch {
      root.replaceChildren();
      window.Yasgui.Yasqe.clearStorage();
      return build();
    }
  };

  const become = () => {
    settleEditor(window.Yasgui.Yasqe);
    settleTab(window.Yasgui.Tab);
    settleResults(window.Yasgui.Yasr);
    window.QueryViews.install(window.Yasgui.Yasr, page);
    yasgui = built();
    forgetAnswers(yasgui);
    for (const tab of Object.values(yasgui._tabs)) tab.getPersistedJson().requestConfig = { ...requestConfig };
    yasgui.config.yasqe.value = begin;
    root.prepend(tabTools());
    watchTabs(root.querySelector(".tabsList"));
    settleTabs();
    listen();
  };

  const wanted = fromAddress();
  try {
    become();
  } catch (error) {
    console.warn("The query page goes on without YASGUI:", error);
    root.remove();
    return;
  }
  form.hidden = true;
  document.getElementById("answer").remove();
  document.getElementById("query-hints").hidden = false;
  if (wanted) openAndAsk(wanted, root.dataset.called);
  page.ready.then(offerExamples);
})();

// Asked of a page in a browser: everything is opened, looked at, filtered, and the answers are posted. Where
// axe-core came along, it is asked what shuts readers out.
addEventListener("load", () => setTimeout(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const answers = { errors: window.errors };
  // A link opens what is folded; asked before everything is opened.
  const folded = document.querySelector("details.entry");
  answers.opened_by_link = true;
  const accessible = async () => {
    if (!window.axe) return;
    const found = await axe.run(document, { resultTypes: ["violations"] });
    answers.axe = { rules: found.passes.length, violations: found.violations.flatMap((v) =>
      v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`)) };
  };
  const then = async () => {
    if (folded) answers.opened_by_link = folded.open;
    answers.dark = matchMedia("(prefers-color-scheme: dark)").matches;
    for (const d of all("details")) d.open = true;
    await accessible().catch((e) => { window.errors.push(String(e)); });
    answers.formulas = all("math").length;
    answers.empty_formulas = all("math").filter((m) => {
      const box = m.getBoundingClientRect();
      return box.width === 0 || box.height === 0;
    }).length;
    const ids = new Set(all("[id]").map((e) => e.id));
    answers.lost_links = all('a[href^="#"]').map((a) => decodeURIComponent(a.getAttribute("href").slice(1))).filter((id) => !ids.has(id));
    answers.scroll_width = document.documentElement.scrollWidth;
    const width = document.documentElement.clientWidth;
    // What sticks out is named, unless it is inside of a box that scrolls or off the screen on purpose.
    answers.too_wide = all("body *").filter((e) => !e.closest(".formula, .skip, pre, .glance") && e.getBoundingClientRect().right > width + 1)
      .map((e) => `${e.tagName}.${e.getAttribute("class")}`);
    const tools = document.getElementById("~tools");
    answers.tools_shown = Boolean(tools) && tools.getBoundingClientRect().height > 0;
    answers.filtered = {};
    const hidden = (e) => e.getBoundingClientRect().height === 0;
    for (const box of all("#\\~tools input[type=checkbox]")) {
      box.click();
      const of_it = all(`.entry[data-verdict=${box.value}]`);
      const others = all(`.entry:not([data-verdict=${box.value}])`);
      answers.filtered[box.value] = { of_it: of_it.length, hidden: of_it.filter(hidden).length, others_hidden: others.filter(hidden).length };
      box.click();
    }
    const search = document.getElementById("~search");
    if (search) {
      search.value = "no entry has these words";
      search.dispatchEvent(new Event("input"));
      answers.found_by_nonsense = all(".entry").filter((e) => !hidden(e)).length;
    }
    parent.postMessage(JSON.stringify(answers), "*");
  };
  if (folded) location.hash = folded.id;
  setTimeout(then, 300);
}, 50));

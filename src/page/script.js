"use strict";
(() => {
  const tools = document.getElementById("~tools");
  // What is linked to is opened; what is printed is opened as a whole.
  const reveal = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const target = id && document.getElementById(id);
    if (target && target.matches("details")) { target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details.entry:not([open])")];
    for (const d of folded) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; folded = []; });
  if (!tools) return;
  const search = document.getElementById("~search");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const shown = document.getElementById("~shown");
  const entries = [...document.querySelectorAll(".entry")];
  const groups = [...document.querySelectorAll("section.group")];
  const texts = entries.map((e) => e.textContent.toLowerCase());
  const filter = () => {
    const verdicts = new Set(boxes.filter((b) => b.checked).map((b) => b.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    entries.forEach((e, i) => {
      e.hidden = !(verdicts.has(e.dataset.verdict) && words.every((w) => texts[i].includes(w)));
      if (!e.hidden) count += 1;
    });
    for (const g of groups) g.hidden = !g.querySelector(".entry:not([hidden])");
    shown.textContent = count === entries.length ? "" : `${count} of ${entries.length} shown`;
  };
  search.addEventListener("input", filter);
  for (const b of boxes) b.addEventListener("change", filter);
  tools.hidden = false;
  filter();
})();

"use strict";
(() => {
  const words = document.currentScript.dataset;
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "pk-button";
    made.textContent = text;
    made.addEventListener("click", () => act(made));
    return made;
  };

  const whys = [...document.querySelectorAll("details")];
  if (whys.length > 1) {
    const all = button(words.open, () => {
      const open = whys.some((why) => !why.open);
      whys.forEach((why) => { why.open = open; });
      all.textContent = open ? words.close : words.open;
      all.setAttribute("aria-pressed", String(open));
    });
    const contents = document.querySelector("#contents > div");
    if (contents) contents.append(all);
  }

  const text = (cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(".pk-mark, .pk-why > :not(summary)").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const lines = (table) => [...table.rows].map((row) => [...row.cells].map(text).join("\t")).join("\n");
  if (navigator.clipboard && window.isSecureContext) {
    document.querySelectorAll(".pk-scroll").forEach((region) => {
      const tables = [...region.querySelectorAll("table")];
      if (!tables.length) return;
      region.after(button(words.copy, (pressed) => {
        navigator.clipboard.writeText(tables.map(lines).join("\n\n")).then(() => {
          pressed.textContent = words.copied;
          setTimeout(() => { pressed.textContent = words.copy; }, 2000);
        }, () => {});
      }));
    });
  }

  const number = (words) => Number(words.replace(/[,%％‰\s]/g, "").replace("−", "-"));
  const sort = (table, index, up) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const keys = new Map(rows.map((row) => [row, text(row.cells[index])]));
    const numeric = rows.every((row) => keys.get(row) === "—" || !Number.isNaN(number(keys.get(row))));
    const sign = up ? 1 : -1;
    rows.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x === "—" || y === "—") return (x === "—") - (y === "—");
      return sign * (numeric ? number(x) - number(y) : x.localeCompare(y, document.documentElement.lang));
    });
    body.append(...rows);
  };
  document.querySelectorAll("table.pk-data").forEach((table) => {
    const head = table.tHead && table.tHead.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
    if (table.querySelector("[rowspan], [colspan]") || table.tBodies.length !== 1 || table.tBodies[0].rows.length < 8) return;
    head.forEach((cell, index) => {
      const label = cell.textContent.trim();
      if (!label || cell.tagName !== "TH") return;
      // A span, not a button: browsers leave buttons out of a table head that is repeated in print.
      const made = document.createElement("span");
      const act = () => {
        const up = cell.getAttribute("aria-sort") !== "ascending";
        head.forEach((other) => other.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", up ? "ascending" : "descending");
        sort(table, index, up);
      };
      made.className = "pk-sort";
      made.textContent = label;
      made.tabIndex = 0;
      made.setAttribute("role", "button");
      made.addEventListener("click", act);
      made.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        act();
      });
      cell.replaceChildren(made);
    });
  });
})();

"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { rows, words, text } = data;
  const column = Object.fromEntries(data.columns.map((name, index) => [name, index]));
  const body = document.querySelector("#projects tbody");
  const pane = document.querySelector(".window");
  const count = document.querySelector(".count");
  const form = document.querySelector("form");
  const HEIGHT = 41, SPARE = 12;
  const word = (row, name) => words[name][row[column[name]]] ?? "";
  const haystack = rows.map((row) =>
    [row[column.project], row[column.name], word(row, "department"), word(row, "unit")].join("\n").toLowerCase());
  let sorted = { by: "score", up: true }, picked = rows.map((_, index) => index), first = -1, last = -1;

  const element = (tag, content, className) => {
    const made = document.createElement(tag);
    if (content !== undefined && content !== null) made.textContent = content;
    if (className) made.className = className;
    return made;
  };
  const number = (value, digits) => (value === null ? "—" : value.toFixed(digits));
  const percent = (value) => (value === null ? "—" : number(value, 2) + "%");
  const link = (row, kind) => {
    const made = element("a", data.kinds[kind]);
    made.href = "./" + encodeURIComponent(row[column.name]) + "." + kind;
    return made;
  };
  const asRow = (row) => {
    const made = element("tr");
    const cell = (content, className) => made.append(element("td", content, className));
    const title = element("td");
    title.title = row[column.project];
    if (row[column.files] & 1) {
      const a = link(row, "html");
      a.textContent = row[column.project];
      title.append(a);
    } else title.textContent = row[column.project];
    made.append(title);
    cell(word(row, "department") || "—", "dept wide");
    cell(row[column.year] ?? "—", "year num wide");
    cell(number(row[column.score], 2), "num");
    const grade = element("td", word(row, "grade") || "—"), because = word(row, "because");
    if (because) {
      grade.title = because;
      grade.append(" ", element("small", because));
    }
    made.append(grade);
    if ("review" in column) {
      cell(number(row[column.review], 2), "num wide beside");
      cell(percent(row[column.deviation]), "num wide beside");
    }
    cell(percent(row[column.rate]), "num wide");
    cell(number(row[column.lost], 2), "num loss wide");
    cell(row[column.errors] ? text.with_errors.replace("{findings}", row[column.findings]).replace("{errors}", row[column.errors]) : String(row[column.findings]),
      "num wide" + (row[column.errors] ? " bad" : ""));
    cell(row[column.status] ? text.broken : text.made, "status wide" + (row[column.status] ? " bad" : ""));
    const files = element("td", undefined, "files");
    data.files.forEach((kind, place) => {
      if (place && (row[column.files] >> place) & 1) files.append(link(row, kind), " ");
    });
    made.append(files);
    return made;
  };
  const span = () => [...document.querySelectorAll("th")].filter((head) => head.offsetWidth > 0).length;
  const gap = (height) => {
    const made = element("tr", undefined, "gap"), cell = element("td");
    cell.colSpan = span();
    cell.style.height = height + "px";
    made.setAttribute("aria-hidden", "true");
    made.append(cell);
    return made;
  };
  const draw = (force, whole) => {
    const from = whole ? 0 : Math.max(0, Math.floor(pane.scrollTop / HEIGHT) - SPARE);
    const shown = Math.ceil((pane.scrollTop + pane.clientHeight) / HEIGHT) + SPARE;
    const to = whole ? picked.length : Math.min(picked.length, shown);
    if (!force && from >= first && to <= last && from - first < SPARE && last - to < SPARE) return;
    [first, last] = [from, to];
    const parts = [];
    if (from) parts.push(gap(from * HEIGHT));
    for (let index = from; index < to; index++) {
      const made = asRow(rows[picked[index]]);
      made.setAttribute("aria-rowindex", index + 2);
      parts.push(made);
    }
    if (to < picked.length) parts.push(gap((picked.length - to) * HEIGHT));
    if (!picked.length) {
      const none = element("tr"), cell = element("td", text.none, "soft");
      cell.colSpan = span();
      none.append(cell);
      parts.push(none);
    }
    body.replaceChildren(...parts);
  };
  const value = (row, by) => (by in words ? word(row, by) : row[column[by]]);
  const compare = (by, up) => (a, b) => {
    const apart = by === "score" ? rows[a][column.open] - rows[b][column.open] : 0;
    if (apart) return apart; // totals that are to be verified stand in no ranking
    const x = value(rows[a], by), y = value(rows[b], by);
    if (x === y) return a - b;
    if (x === null || x === "") return 1;
    if (y === null || y === "") return -1;
    const order = typeof x === "string" ? x.localeCompare(y, data.language) : x - y;
    return up ? order : -order;
  };
  const update = () => {
    const wanted = new FormData(form);
    const terms = String(wanted.get("search")).toLowerCase().split(/\s+/).filter(Boolean);
    const department = wanted.get("department"), year = wanted.get("year"), grade = wanted.get("grade");
    const finding = wanted.get("finding"), status = wanted.get("status");
    picked = [];
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index];
      if (department !== "" && row[column.department] !== +department) continue;
      if (year !== "" && String(row[column.year]) !== year) continue;
      if (grade !== "" && row[column.grade] !== +grade) continue;
      if (status !== "" && row[column.status] !== +status) continue;
      if (finding !== "" && !words.codes[row[column.codes]].split(" ").includes(finding)) continue;
      if (terms.some((term) => !haystack[index].includes(term))) continue;
      picked.push(index);
    }
    picked.sort(compare(sorted.by, sorted.up));
    count.textContent = picked.length + " " + text.shown;
    document.getElementById("projects").setAttribute("aria-rowcount", picked.length + 1);
    pane.scrollTop = 0;
    draw(true);
  };
  for (const button of document.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      const by = button.dataset.by;
      sorted = { by, up: sorted.by === by ? !sorted.up : true };
      for (const other of document.querySelectorAll("th")) other.removeAttribute("aria-sort");
      button.parentElement.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
      update();
    });
  }
  const table = () => {
    const names = ["project", "department", "unit", "year", "score", "grade", "because",
      ...["review", "deviation"].filter((name) => name in column), "rate", "lost", "errors", "findings"];
    const heads = names.map((name) => data.heads[name]);
    return [heads, ...picked.map((index) => names.map((name) => String(value(rows[index], name) ?? "")))];
  };
  const plain = (cell) => (/^[=+\-@\t\r]/.test(cell) && isNaN(cell) ? "'" + cell : cell); // no text becomes a formula
  const quoted = (cell) => (/[",\r\n]/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell);
  const csv = () => table().map((row) => row.map((cell) => quoted(plain(cell))).join(",")).join("\r\n") + "\r\n";
  const copy = async (content) => {
    try {
      await navigator.clipboard.writeText(content);
    } catch {
      const area = element("textarea");
      area.value = content;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const save = (content) => {
    const a = element("a");
    a.href = URL.createObjectURL(new Blob(["\ufeff" + content], { type: "text/csv" }));
    a.download = text.title + ".csv";
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 1000);
  };
  for (const button of document.querySelectorAll("[data-take]")) {
    button.addEventListener("click", async () => {
      const content = csv();
      if (button.dataset.take === "save") save(content);
      else await copy(content);
      document.querySelector(".told").textContent = button.dataset.take === "save" ? "" : text.copied;
    });
  }
  window.addEventListener("beforeprint", () => draw(true, true));
  window.addEventListener("afterprint", () => draw(true));
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  pane.addEventListener("scroll", () => draw(false), { passive: true });
  window.addEventListener("resize", () => draw(true));
  document.body.classList.add("live");
  form.hidden = false;
  document.querySelector(".take").hidden = false;
  for (const note of document.querySelectorAll(".without")) note.hidden = true;
  update();
})();

// Filters, order and the list, which grows as it is scrolled so that thousands of findings cost nothing at first.
const report = JSON.parse(document.getElementById("data").textContent);
const PAGE = 40;
const RANK = { high: 0, medium: 1, low: 2 };
const byId = (id) => document.getElementById(id);
const state = { order: "artist", chosen: new Set(), groups: [], flat: [], drawn: 0 };
const list = byId("findings"), form = byId("filters"), more = document.querySelector("#more button");

for (const finding of report.findings) {
  const text = finding.text ? [finding.text.parts.join(""), finding.text.source, finding.text.reason] : [];
  finding.haystack = [finding.sample, finding.message, finding.artist, finding.work, finding.rule, finding.ruleName, finding.fingerprint, ...text]
    .filter(Boolean).join("\n").toLocaleLowerCase();
  const cut = finding.sample.lastIndexOf("/");
  finding.folder = cut < 0 ? "Top of the dataset" : finding.sample.slice(0, cut);
}

function options(select, all, values) {
  select.append(make("option", { value: "" }, all));
  for (const [value, name, number] of values) select.append(make("option", { value }, `${name} (${number.toLocaleString("en")})`));
}

function tallied(key, name) {
  const found = new Map();
  for (const finding of report.findings) {
    const value = finding[key] || "none";
    const row = found.get(value) || [value, finding[name] || "No artist named", 0];
    row[2] += 1;
    found.set(value, row);
  }
  return [...found.values()].sort((a, b) => a[1].localeCompare(b[1], "en"));
}

function kindOf(finding) {
  return finding.waived ? "waived" : finding.severity;
}

function filtered() {
  const words = byId("search").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const artist = byId("artist").value, rule = byId("rule").value;
  const kinds = new Set([...form.elements.severity].filter((chip) => chip.checked).map((chip) => chip.value));
  return report.findings.filter((finding) =>
    kinds.has(kindOf(finding)) &&
    (!artist || (finding.artistId || "none") === artist) &&
    (!rule || finding.rule === rule) &&
    words.every((word) => finding.haystack.includes(word)));
}

function groupKey(finding) {
  switch (state.order) {
    case "severity": return [finding.waived ? 3 : RANK[finding.severity], finding.waived ? "Waived" : finding.severity[0].toUpperCase() + finding.severity.slice(1)];
    case "folder": return [finding.folder, finding.folder];
    case "rule": return [finding.ruleName, finding.ruleName];
    default: return [finding.artistId || "", finding.artist || "No artist named"];
  }
}

function urgency(finding) {
  return (finding.waived ? 3 : 0) + RANK[finding.severity];
}

function grouped(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const [key, title] = groupKey(finding);
    if (!groups.has(key)) groups.set(key, { key, title, findings: [], urgency: 9 });
    const group = groups.get(key);
    group.findings.push(finding);
    group.urgency = Math.min(group.urgency, urgency(finding));
  }
  const rows = [...groups.values()];
  if (state.order === "artist") rows.sort((a, b) => !a.key - !b.key || a.urgency - b.urgency || b.findings.length - a.findings.length || a.title.localeCompare(b.title, "en"));
  else rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const group of rows) group.cards = cardsOf(group.findings);
  return rows;
}

function groupNode(group, place) {
  const id = `group-${place}`;
  const told = `${count(group.findings.length, "finding")} in ${count(new Set(group.findings.map((finding) => finding.sample)).size, "sample")}`;
  return make("section", { class: "group", "aria-labelledby": id }, make("h2", { id }, bdi(group.title), make("small", {}, told)));
}

function draw(limit) {
  const end = Math.min(limit, state.flat.length);
  for (; state.drawn < end; state.drawn += 1) {
    const [place, card] = state.flat[state.drawn];
    const group = state.groups[place];
    if (!group.node) list.append((group.node = groupNode(group, place)));
    group.node.append(cardNode(card));
  }
  more.hidden = state.drawn >= state.flat.length;
}

function refresh() {
  const found = filtered();
  state.groups = grouped(found);
  state.flat = state.groups.flatMap((group, place) => group.cards.map((card) => [place, card]));
  state.drawn = 0;
  list.replaceChildren();
  draw(PAGE);
  const total = report.findings.length;
  if (!total) list.append(make("p", { class: "note" }, "Nothing was found. That is no proof that nothing is there: see what was looked at above."));
  else if (!found.length) list.append(make("p", { class: "note" }, "No finding fits these filters."));
  byId("shown").textContent = found.length === total ? `All ${count(total, "finding")}` : `${found.length.toLocaleString("en")} of ${count(total, "finding")}`;
  byId("reset").hidden = found.length === total;
}

function basket() {
  byId("basket").hidden = state.chosen.size === 0;
  byId("chosen").textContent = `${count(state.chosen.size, "finding")} chosen`;
}

async function copy(text) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { class: "hidden", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  byId("said").textContent = done ? "Copied." : "The browser did not allow copying.";
}

function step(event) {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!list.contains(document.activeElement)) return;
  const cards = [...list.querySelectorAll(".card")];
  const here = cards.indexOf(document.activeElement.closest(".card"));
  const next = event.key === "j" ? here + 1 : here - 1;
  if (next >= cards.length) draw(state.drawn + PAGE);
  const target = list.querySelectorAll(".card")[Math.max(next, 0)];
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
}

const THEMES = ["auto", "light", "dark"];

function theme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  byId("theme").textContent = `Theme: ${name}`;
  byId("theme").value = name;
}

function start() {
  options(byId("artist"), "All artists", tallied("artistId", "artist"));
  options(byId("rule"), "All rules", tallied("rule", "ruleName"));
  for (const chip of form.elements.severity) {
    const number = report.findings.filter((finding) => kindOf(finding) === chip.value).length;
    chip.parentElement.querySelector("b").textContent = number.toLocaleString("en");
  }
  form.addEventListener("input", (event) => {
    state.order = byId("order").value;
    if (event.target.id !== "search") refresh();
    else { clearTimeout(state.timer); state.timer = setTimeout(refresh, 80); }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { state.order = byId("order").value; refresh(); byId("search").focus(); }));
  list.addEventListener("change", (event) => {
    const prints = event.target.dataset.print;
    if (!prints) return;
    for (const print of prints.split(" ")) if (event.target.checked) state.chosen.add(print); else state.chosen.delete(print);
    basket();
  });
  list.addEventListener("click", (event) => { if (event.target.dataset.copy) copy(event.target.dataset.copy); });
  byId("copy-all").addEventListener("click", () => copy(waiveCommand([...state.chosen].sort())));
  byId("unchoose").addEventListener("click", () => {
    state.chosen.clear();
    for (const input of list.querySelectorAll("input:checked")) input.checked = false;
    basket();
  });
  more.addEventListener("click", () => draw(state.drawn + PAGE));
  new IntersectionObserver((rows) => { if (rows[0].isIntersecting) draw(state.drawn + PAGE); }, { rootMargin: "1500px" }).observe(byId("more"));
  document.addEventListener("keydown", step);
  addEventListener("beforeprint", () => { draw(state.flat.length); openAll(); });
  let kept = "auto";
  try { kept = localStorage.getItem("auditor-theme") || "auto"; } catch { /* no storage: the theme is not kept */ }
  theme(THEMES.includes(kept) ? kept : "auto");
  byId("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(byId("theme").value) + 1) % THEMES.length];
    theme(next);
    try { localStorage.setItem("auditor-theme", next); } catch { /* as above */ }
  });
  refresh();
}

start();

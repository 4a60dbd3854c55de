// Cards: one a sample (or a group of samples of which the same is said), with everything found about it. Texts are set as text, never as markup.
function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

function bdi(text) {
  return make("bdi", {}, text);
}

function count(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many || one + "s"}`;
}

function fact(term, value) {
  return make("div", {}, make("dt", {}, term), make("dd", {}, bdi(value)));
}

function metaOf(finding) {
  const match = finding.match;
  const list = make("dl", { class: "meta" });
  if (finding.artist && state.order !== "artist") list.append(fact("Artist", finding.artist));
  if (finding.work) list.append(fact("Work", finding.work));
  if (finding.index) list.append(fact("Index", finding.index));
  if (match) {
    if (match.distance !== undefined && match.tier === "whole") list.append(fact("Distance", `${match.distance} bits`));
    if (match.inliers !== undefined) list.append(fact("Points that fit", String(match.inliers)));
    if (match.probability !== undefined) list.append(fact("Probability", `${(match.probability * 100).toFixed(1)} %`));
    if (match.mirrored) list.append(fact("Mirrored", "yes"));
    if (match.rotation) list.append(fact("Turned", `${match.rotation}°`));
  }
  if (finding.text) list.append(fact("Score", finding.text.score.toFixed(2)), fact("Form", finding.text.form));
  for (const [key, value] of Object.entries(finding.details || {})) list.append(fact(key, value));
  return list;
}

function quoteOf(text) {
  const [before, inside, after] = text.parts;
  // a long text scrolls inside its box, which the keyboard must then reach
  const long = before.length + inside.length + after.length > 250;
  const quote = make("blockquote", { tabindex: long ? "0" : null, "aria-label": "Text that was found" },
    make("cite", {}, bdi(text.line ? `${text.source}, line ${text.line}` : text.source)));
  quote.append(make("span", { dir: "auto" }, before, make("mark", {}, inside), after));
  return quote;
}

function waiveCommand(prints) {
  return waiveWords(prints.map((print) => print.slice(0, 16)).join(" "));
}

function waiveWords(subject) {
  // without a JSON report beside the page the reader must name one: the command stands on it
  return `${report.waive || "auditor waive JSON-REPORT-OF-THIS-SCAN"} ${subject} --reason "…" --by "…" --until YYYY-MM-DD`;
}

function waiverLine(finding) {
  return JSON.stringify({ fingerprint: finding.fingerprint, rule: finding.rule, reason: "…", by: "…", created: "YYYY-MM-DD", until: "YYYY-MM-DD" });
}

function actsOf(findings) {
  const finding = findings[0], many = findings.length > 1;
  const prints = findings.map((row) => row.fingerprint);
  const chosen = make("input", { type: "checkbox", "data-print": prints.join(" ") });
  chosen.checked = prints.every((print) => state.chosen.has(print));
  const command = groupCommand(findings);
  const copy = make("button", { type: "button", class: "quiet", "data-copy": command }, "Copy waive command");
  const lines = findings.slice(0, MOST).map(waiverLine).join("\n");
  const about = make("details", {}, make("summary", {}, many ? "Fingerprints and waiver lines" : "Fingerprint and waiver line"),
    make("pre", { tabindex: "0" }, `${command}\n\n${lines}`));
  const label = make("label", {}, chosen, many ? `Choose all ${findings.length.toLocaleString("en")}` : "Choose", make("span", { class: "hidden" }, ` ${finding.fingerprint.slice(0, 12)}`));
  return make("div", { class: "acts" }, label, copy, about);
}

function findingNode(findings, preview, alone) {
  const finding = findings[0];
  const copied = Boolean(finding.match);
  const words = make("div", { class: "words" });
  const label = finding.waived ? `waived, ${finding.severity}` : finding.severity;
  const tag = make("p", { class: "tag" }, label, make("i", {}, finding.ruleName));
  if (!finding.trained) tag.append(make("i", {}, "not trained on"));
  words.append(tag, make("p", { class: "sentence", dir: "auto" }, finding.message));
  if (findings.length > 1) words.append(samplesOf(findings));
  if (finding.text) words.append(quoteOf(finding.text), make("p", { class: "why", dir: "auto" }, finding.text.reason));
  words.append(metaOf(finding));
  if (finding.waiver) words.append(make("p", { class: "why", dir: "auto" }, finding.waiver));
  words.append(actsOf(findings));
  const kinds = ["finding", finding.severity];
  if (finding.waived) kinds.push("off");
  if (copied) {
    const plates = make("div", { class: "plates" }, samplePlate(finding, preview), workPlate(finding, preview));
    return make("div", { class: kinds.join(" ") }, plates, words);
  }
  if (preview && alone) {
    const plates = make("div", { class: "plates one" }, samplePlate(finding, preview));
    return make("div", { class: [...kinds, "small"].join(" ") }, plates, words);
  }
  return make("div", { class: [...kinds, "plain"].join(" ") }, words);
}

function cardNode(card) {
  const preview = report.previews[card.samples[0]];
  const copied = card.groups.some(([finding]) => finding.match);
  const many = card.samples.length - 1;
  const head = make("header", {}, make("h3", {}, bdi(card.samples[0]), many ? ` and ${count(many, "more sample")}` : ""));
  const total = card.groups.reduce((sum, group) => sum + group.length, 0);
  if (total > 1) head.append(make("span", {}, count(total, "finding")));
  const node = make("article", { class: "card", tabindex: "-1" }, head);
  card.groups.forEach((group, place) => node.append(findingNode(group, preview, !copied && place === 0)));
  return node;
}

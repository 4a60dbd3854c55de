// Alike findings: one node for all, the first three samples in sight, the others behind a line that opens.
const FIRST = 3;
const MOST = 100;

function shellWord(text) {
  return /^[\w.\/-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// A line of thousands of fingerprints is too long for a shell: beyond a hundred it is the artist that is waived.
function groupCommand(findings) {
  const first = findings[0];
  if (findings.length <= MOST || !first.artistId) return waiveCommand(findings.map((finding) => finding.fingerprint));
  return waiveWords(`--artist ${shellWord(first.artistId)} --rule ${shellWord(first.rule)}`);
}

function sampleItem(finding) {
  const item = make("li", {}, bdi(finding.sample));
  if (finding.match && report.previews[finding.sample]) item.append(samplePlate(finding, report.previews[finding.sample]));
  if (finding.text) {
    const [before, inside, after] = finding.text.parts;
    item.append(make("span", { dir: "auto" }, before.slice(-60), make("mark", {}, inside), after.slice(0, 60)));
  }
  return item;
}

function samplesOf(findings) {
  const box = make("div", { class: "samples" }, make("ul", {}, ...findings.slice(0, FIRST).map(sampleItem)));
  const rest = findings.slice(FIRST);
  if (!rest.length) return box;
  const details = make("details", {}, make("summary", {}, `and ${rest.length.toLocaleString("en")} more`));
  details.fill = () => { if (!details.querySelector("ul")) details.append(make("ul", {}, ...rest.map(sampleItem))); };
  details.addEventListener("toggle", () => { if (details.open) details.fill(); });
  box.append(details);
  return box;
}

function openAll() {
  for (const details of list.querySelectorAll(".samples details")) { details.fill(); details.open = true; }
}

// Findings of one artist (folder, rule …) as cards: one a sample, and one for samples of which all the same is said.
function cardsOf(findings) {
  const alike = new Map(), cards = new Map();
  for (const finding of findings) {
    if (!alike.has(finding.alike)) alike.set(finding.alike, []);
    alike.get(finding.alike).push(finding);
  }
  for (const group of alike.values()) {
    const samples = [...new Set(group.map((finding) => finding.sample))];
    const key = samples.join("\n");
    if (!cards.has(key)) cards.set(key, { samples, groups: [], urgency: 9 });
    const card = cards.get(key);
    card.groups.push(group);
    card.urgency = Math.min(card.urgency, urgency(group[0]));
  }
  for (const card of cards.values()) card.groups.sort((a, b) => urgency(a[0]) - urgency(b[0]));
  return [...cards.values()].sort((a, b) => a.urgency - b.urgency || (a.samples[0] < b.samples[0] ? -1 : 1));
}

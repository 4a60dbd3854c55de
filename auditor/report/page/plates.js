// Pictures of the evidence: the training picture with the matched region, the work as an empty frame.
const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function box(region, width, height) {
  const [x0, y0, x1, y1] = region;
  const round = (value) => Math.round(value * 1000) / 1000;
  return { x: round(x0 * width), y: round(y0 * height), width: round(Math.max((x1 - x0) * width, 1)), height: round(Math.max((y1 - y0) * height, 1)) };
}

// Long side 240 units, whatever the picture's size: strokes and marks look alike in every plate.
function canvas(size) {
  const [width, height] = size && size[0] > 0 && size[1] > 0 ? size : [4, 3];
  const ratio = Math.min(Math.max(width / height, 0.2), 5);
  return ratio >= 1 ? [240, 240 / ratio] : [240 * ratio, 240];
}

// Where a corner of the work lies in the sample: 0 upper left, then clockwise. First mirrored, then turned.
function turnedCorner(match) {
  const turns = Math.round((match.rotation || 0) / 90);
  const mirrored = match.mirrored ? 1 : 0;
  return (((mirrored + turns) % 4) + 4) % 4;
}

function cornerMark(area, corner) {
  const right = corner === 1 || corner === 2, low = corner === 2 || corner === 3;
  const x = area.x + (right ? area.width : 0), y = area.y + (low ? area.height : 0);
  const reach = Math.min(22, area.width * 0.4, area.height * 0.4);
  const dx = right ? -reach : reach, dy = low ? -reach : reach;
  return svg("path", { class: "corner", d: `M${x} ${y}h${dx}L${x} ${y + dy}z` });
}

function drawing(size, label) {
  const [width, height] = canvas(size);
  return [svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }), width, height];
}

function percent(region) {
  return region.map((side) => Math.round(side * 100));
}

function samplePlate(finding, preview) {
  const match = finding.match || {};
  const region = match.sampleRegion || (finding.match ? [0, 0, 1, 1] : null);
  const size = preview ? [preview.width, preview.height] : match.sampleSize;
  let label = preview ? (preview.blurred ? "Blurred preview of the training picture" : "Training picture") : "Training picture, not shown";
  if (match.sampleRegion) label += `; the matched region reaches from ${percent(region).slice(0, 2).join(", ")} to ${percent(region).slice(2).join(", ")} percent of its width and height`;
  const [picture, width, height] = drawing(size, label);
  if (preview) {
    // a blurred picture fades at its edges, so it is drawn a little larger than its frame
    const edge = preview.blurred ? 12 : 0;
    const image = svg("image", { href: preview.uri, x: -edge, y: -edge, width: width + 2 * edge, height: height + 2 * edge, preserveAspectRatio: "none" });
    if (preview.blurred) image.style.filter = "blur(7px)";
    picture.append(image);
  } else {
    picture.append(svg("path", { class: "none", d: `M0 0L${width} ${height}M${width} 0L0 ${height}` }));
  }
  if (region) {
    const area = box(region, width, height);
    picture.append(
      svg("path", { class: "dim", "fill-rule": "evenodd", d: `M0 0h${width}v${height}h${-width}zM${area.x} ${area.y}h${area.width}v${area.height}h${-area.width}z` }),
      svg("rect", { class: "halo", ...area }), svg("rect", { class: "box", ...area }));
    picture.append(cornerMark(area, turnedCorner(match)));
  }
  const shown = match.sampleSize || (preview && [preview.width, preview.height]);
  return plate("sample", picture, "In the training set", shown);
}

function workPlate(finding, preview) {
  const match = finding.match;
  const whole = match.workRegion || [0, 0, 1, 1];
  const part = percent(whole);
  const label = match.workRegion
    ? `Frame of the work; the region it came from reaches from ${part[0]}, ${part[1]} to ${part[2]}, ${part[3]} percent of its width and height`
    : "Frame of the work; the whole of it matches";
  const size = match.workSize || match.sampleSize || (preview && [preview.width, preview.height]);
  const [picture, width, height] = drawing(size, label);
  const area = box(whole, width, height);
  picture.append(
    svg("rect", { class: "frame", x: 0.75, y: 0.75, width: width - 1.5, height: height - 1.5 }),
    svg("rect", { class: "part", ...area }), svg("rect", { class: "box", ...area }), cornerMark(area, 0));
  return plate("work", picture, `In the work${finding.work ? `: ${finding.work}` : ""}`, match.workSize);
}

function plate(kind, picture, title, size) {
  const caption = make("figcaption", {}, make("b", {}, bdi(title)));
  caption.append(size ? `${size[0].toLocaleString("en")} × ${size[1].toLocaleString("en")} pixels` : "size not known");
  return make("figure", { class: `plate ${kind}` }, picture, caption);
}

// Gives the labels and marks of the wheel that touch one another; every letter and every mark is taken as a disc.
() => {
  const svg = document.querySelector("svg.wheel");
  const frame = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / frame.width;
  const discs = [];
  for (const text of svg.querySelectorAll("text")) {
    if (text.closest(".card")) continue;
    const size = Number(text.getAttribute("font-size"));
    for (let at = 0; at < text.getNumberOfChars(); at += 1) {
      if (!text.textContent[at].trim()) continue;
      const start = text.getStartPositionOfChar(at);
      const end = text.getEndPositionOfChar(at);
      const turn = (text.getRotationOfChar(at) * Math.PI) / 180;
      const x = (start.x + end.x) / 2 + Math.sin(turn) * size * 0.34;
      const y = (start.y + end.y) / 2 - Math.cos(turn) * size * 0.34;
      discs.push({ of: text, name: text.textContent, x, y, radius: size * 0.3 });
    }
  }
  for (const mark of svg.querySelectorAll(".mark, .meeting g[transform]")) {
    const box = mark.getBoundingClientRect();
    const x = (box.x + box.width / 2 - frame.x) * scale;
    const y = (box.y + box.height / 2 - frame.y) * scale;
    discs.push({ of: mark, name: mark.getAttribute("class") || "møde", x, y, radius: (box.width / 2) * scale * 0.8 });
  }
  const touching = new Set();
  discs.forEach((one, at) => {
    for (const other of discs.slice(at + 1)) {
      const apart = Math.hypot(one.x - other.x, one.y - other.y);
      if (one.of !== other.of && apart < one.radius + other.radius) touching.add(`${one.name} × ${other.name}`);
    }
  });
  return { letters: discs.length, touching: [...touching].sort() };
}
